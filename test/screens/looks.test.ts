/** Pictures, the page behind a name and one's own profile, with a scripted engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const words = (selector: string) => `(document.querySelector(${JSON.stringify(selector)})?.innerText ?? "")`;
const press = (label: string) =>
  read(`[...document.querySelectorAll("button")].find((one) =>
    one.ariaLabel === ${JSON.stringify(label)} || one.textContent.startsWith(${JSON.stringify(label)})).click()`);

test("a picture lies over the initial, in the list and in the head, and moves nothing", async () => {
  await show("list");
  const places = `JSON.stringify([...document.querySelectorAll("[role=option]")].map((row) => row.getBoundingClientRect().toJSON()))`;
  const before = await read(places);
  await show("pictures");
  await comes("both are drawn", `document.querySelectorAll("[role=option] img, .head img").length === 2`);
  assert.equal(await read(places), before);
  assert.equal(await read(`document.querySelector(".head img").src.startsWith("blob:")`), true);
});

test("a picture that cannot be had leaves the initial", async () => {
  await show("pictures");
  await read(`engine.ask = async () => ({ ok: false, error: { kind: "not-found" } })`);
  await read(
    `engine.tell({ type: "chats", removed: [], chats: [{ ...app.chats.value.get("mina@tidepool.example"), picture: "0".repeat(40) }] })`,
  );
  await comes("the row was told", `app.chats.value.get("mina@tidepool.example").picture !== undefined`);
  assert.equal(await read(`${words('[data-jid="mina@tidepool.example"] .avatar')}.trim()`), "M");
  assert.equal(await read(`document.querySelector('[data-jid="mina@tidepool.example"] img')`), null);
});

test("the picture in the head leads to the page behind the name, and back to the conversation", async () => {
  await show("pictures");
  await press("About Bob Okafor");
  await comes("the page is there", `${words("main h2")} === "About Bob Okafor"`);
  await comes("it has the focus", `document.activeElement === document.querySelector("main h2")`);
  for (const what of [
    "bob@example.org",
    "Calls themselves bobo",
    "All devices verified",
    "Block…",
    "Remove from contacts…",
  ])
    assert.equal(await read(`${words("main")}.includes(${JSON.stringify(what)})`), true, what);
  await press("Back");
  await comes("the conversation is open", `app.openChat.value === "bob@example.org"`);
});

test("a contact is called otherwise, in the account's own list", async () => {
  await show("person");
  await comes("it says when they were here", `${words(".about-presence")} === "Last here 5 minutes ago"`);
  await comes("and which rooms both are in", `${words("main")}.includes("Rooms you share")`);
  await read(
    `globalThis.asked = []; const before = engine.ask; engine.ask = async (args) => (asked.push(args), before(args))`,
  );
  await press("Rename…");
  await comes("it is asked", `document.querySelector("dialog input") !== null`);
  await stage.page.keyboard.down("Control");
  await stage.page.keyboard.press("a");
  await stage.page.keyboard.up("Control");
  await stage.page.keyboard.type("Bob the neighbour");
  await stage.page.keyboard.press("Enter");
  await comes("the question is gone", `document.querySelector("dialog") === null`);
  assert.deepEqual(await read(`asked.filter(({ call }) => call === "renameContact").map(({ about }) => about)`), [
    { jid: "bob@example.org", name: "Bob the neighbour" },
  ]);
});

test("what a server refuses of one's own name and picture is said, and nothing is lost", async () => {
  await show("profile");
  await read(`engine.ask = async () => ({ ok: false, error: { kind: "peer-refused", detail: "not-allowed" } })`);
  await read(`document.querySelector(".profile-name input").focus()`);
  await stage.page.keyboard.type(" Moss");
  await press("Save");
  await comes("it is said", `document.querySelector(".profile-name .failure") !== null`);
  assert.equal(await read(`document.querySelector(".profile-name input").value.endsWith("Moss")`), true);
  await press("Remove the picture");
  await comes("also here", `document.querySelector(".profile-picture .failure") !== null`);
});

test("a picture that is shown to nobody any more and still lies on the server can be removed again", async () => {
  await show("profile");
  await read(`engine.ask = async () => {
    engine.tell({ type: "profile", profile: { nick: "Alice" } });
    return { ok: false, error: { kind: "peer-refused", detail: "not-allowed" } };
  }`);
  await press("Remove the picture");
  await comes("it is said", `document.querySelector(".profile-picture .failure") !== null`);
  assert.equal(await read(`document.querySelector(".profile-picture").dataset.picture`), undefined);
  await read(`engine.ask = async () => ({ ok: true, value: { done: true } })`);
  await press("Try to remove it again");
  await comes("nothing is left", `document.querySelector(".profile-picture .failure") === null`);
});
