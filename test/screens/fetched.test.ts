/** What is typed while a part of the page is still on its way: for that part, not for what stands behind it. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { HTTPRequest } from "puppeteer-core";
import { until } from "../e2e/waiting.ts";
import { onStage } from "./on-stage.ts";

const stage = onStage(0, { keepsFetched: false });
const { comes, read, show } = stage;

const LATER = /\/(?:aside|every-dialog|failures|menus|screens)\.js$/;
const FOCUS = `document.activeElement`;
const STOP = `document.querySelector("li[data-key][tabindex='0']").dataset.key`;
const DIALOG = `document.querySelector("dialog[open]")`;

let held: HTTPRequest[] = [];
/** One part may fetch another: nothing is held back any more. */
let open = false;
const fetched = async (how: "continue" | "abort" = "continue"): Promise<void> => {
  await until("it has been asked for", async () => held.length > 0);
  open = how === "continue";
  for (const request of held.splice(0)) await request[how]();
};
const keys = async (...names: readonly Parameters<typeof stage.page.keyboard.press>[0][]): Promise<void> => {
  for (const name of names) await stage.page.keyboard.press(name);
};

let watched = false;
beforeEach(async () => {
  held = [];
  open = false;
  if (watched) return;
  watched = true;
  await stage.page.setRequestInterception(true);
  stage.page.on("request", (request) => {
    if (!open && LATER.test(request.url())) held.push(request);
    else void request.continue();
  });
});

async function enterOnAMessage(): Promise<void> {
  await show("chat", "unfetched");
  await stage.page.focus("li[data-key][tabindex='0']");
  await keys("ArrowUp", "ArrowUp", "Enter");
}

test("keys behind Enter on a message are for its menu, also when that comes later", async () => {
  await enterOnAMessage();
  const row = await read(STOP);
  await keys("ArrowDown", "ArrowUp");
  await comes("words are there", `${DIALOG}?.textContent.includes("One moment") === true`);
  await keys("ArrowDown");
  assert.equal(await read(STOP), row, "the list does not move");
  await fetched();
  // The first one has it before the keys that were held.
  await comes(
    "the second entry has the focus",
    `${FOCUS}.getAttribute("role") === "menuitem" && ${FOCUS}.textContent === "Edit"`,
  );
  await keys("Escape");
  await comes("the message has the focus back", `${FOCUS}.dataset.key === "${String(row)}"`);
});

test("an entry chosen before the menu is there is done", async () => {
  await enterOnAMessage();
  await keys("ArrowDown", "Enter");
  await fetched();
  await comes("the edit begins", `document.querySelector("[data-writing]")?.dataset.writing === "edit"`);
  assert.equal(await read(`${DIALOG} === null && ${FOCUS}.tagName`), "TEXTAREA");
});

test("Escape closes what is not there yet", async () => {
  await enterOnAMessage();
  await keys("Escape");
  await fetched();
  await comes("the message has kept the focus", `${FOCUS}.matches("li[data-key]")`);
  assert.equal(await read(DIALOG), null);
  await keys("ArrowDown");
  assert.equal(await read(`${FOCUS}.querySelector(".words").textContent`), "🏔️");
});

test("what is typed into a dialog that is fetched late stands in it, also below its “One moment”", async () => {
  await show("list", "unfetched");
  await stage.page.focus("aria/New chat[role='button']");
  await keys("Enter");
  await stage.page.keyboard.type("mina@ex");
  await comes("words are there", `${DIALOG}?.textContent.includes("One moment") === true`);
  await stage.page.keyboard.type("ample.org");
  await fetched();
  await comes("all of it is there", `document.querySelector("dialog input")?.value === "mina@example.org"`);
  await keys("Escape");
  await comes("the button has the focus back", `${FOCUS}.getAttribute("aria-label") === "New chat"`);
});

test("Tab goes to the words in place of a dialog, and from then on keys are theirs", async () => {
  await show("list", "unfetched");
  await stage.page.focus("aria/New chat[role='button']");
  await keys("Enter");
  await comes("words are there", `${DIALOG}?.textContent.includes("One moment") === true`);
  await keys("Tab");
  await stage.page.focus("aria/Close[role='button']");
  await keys("Enter");
  await comes("it is closed", `${DIALOG} === null`);
  await fetched();
  await comes("the button has the focus back", `${FOCUS}.getAttribute("aria-label") === "New chat"`);
});

test("what could not be fetched takes keys again", async () => {
  await show("list", "unfetched");
  await stage.page.focus("aria/New chat[role='button']");
  await keys("Enter");
  await fetched("abort");
  await comes("it says so", `${DIALOG}?.textContent.includes("could not be loaded") === true`);
  await stage.page.focus("aria/Close[role='button']");
  await keys("Enter");
  await comes("it is closed", `${DIALOG} === null`);
});

const ALERT = `document.querySelector("[role=alert]")?.textContent`;

test("why a sign-in failed stands there as soon as its words are, and what was typed stays", async () => {
  await show("sign-in-unknown", "unfetched");
  await comes("it says that something comes", `${ALERT} === "One moment…"`);
  await fetched();
  await comes("the words are there", `${ALERT}.includes("has no certificate that is valid for xmpp.example.org")`);
  assert.equal(await read(`document.querySelector("input[type=password]").value`), "correct horse");
});

test("a failure whose words cannot be had says so, with its kind, and Try again brings them", async () => {
  await show("sign-in-unknown", "unfetched");
  await fetched("abort");
  await comes("it says so", `${ALERT}?.includes("words that say why could not be loaded") === true`);
  assert.match(String(await read(ALERT)), /Details: bad-certificate: xmpp\.example\.org/);
  await stage.page.click("[role=alert] button");
  await fetched();
  await comes("the words are there", `${ALERT}.includes("has no certificate that is valid for xmpp.example.org")`);
  assert.equal(await read(`document.querySelector("input[type=password]").value`), "correct horse");
});

test("what has to be said above the list comes a moment later, and says so where it could not be had", async () => {
  const NOTICES = `document.querySelector(".list-notices")`;
  await show("new-device", "unfetched");
  await fetched("abort");
  await comes("it could not be had", `/Nothing was lost\\. Check that you are online/.test(${NOTICES}.textContent)`);
  await read(`${NOTICES}.querySelector("button").click()`);
  await fetched();
  await comes("it is said", `${NOTICES}.querySelector("[data-kind=new-device]") !== null`);
  assert.equal(await read(`/Nothing was lost/.test(${NOTICES}.textContent)`), false);
});
