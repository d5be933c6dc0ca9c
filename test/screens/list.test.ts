/** Arranging the list, with a scripted engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const ROWS = `[...document.querySelectorAll("[role=option]")].map(({ dataset }) => dataset.name)`;
const MENU = `[...document.querySelectorAll(".floating-menu [role=menuitem]")].map(({ textContent }) => textContent)`;
const row = (name: string) => `document.querySelector('[role=option][data-name="${name}"]')`;

/** What the page has asked the engine to keep. */
const listen = () =>
  read(`{
    globalThis.chosen = [];
    engine.choose = async ({ choices }) => (chosen.push(...choices), { ok: true, value: { done: true } });
  }`);
const press = (words: string) =>
  read(
    `[...document.querySelectorAll("[role=menuitem], dialog button")].find((one) => one.textContent === ${JSON.stringify(words)}).click()`,
  );
/** The menu of a row, by the keyboard: the row has the focus. */
async function openMenu(name: string): Promise<void> {
  await read(`${row(name)}.focus()`);
  await stage.page.keyboard.down("Shift");
  await stage.page.keyboard.press("F10");
  await stage.page.keyboard.up("Shift");
  await comes("the menu is open", `${MENU}.length > 0`);
}

test("the menu of a row opens by the other button and by the keyboard, and pins", async () => {
  await show("list");
  await listen();
  const { x, y } = (await read(
    `(({ left, top }) => ({ x: left + 80, y: top + 20 }))(${row("Bob Okafor")}.getBoundingClientRect())`,
  )) as {
    x: number;
    y: number;
  };
  await stage.page.mouse.click(x, y, { button: "right" });
  await comes("the menu is open", `${MENU}.join() === "Pin,Mute…,Mark as unread,Archive,Rename for me…"`);
  assert.equal(await read("app.openChat.value"), undefined, "the row was not opened");
  await stage.page.keyboard.press("Escape");
  await comes("it is closed, and the row has the focus", `document.activeElement === ${row("Bob Okafor")}`);
  await openMenu("Bob Okafor");
  await stage.page.keyboard.press("Enter");
  await comes("it is asked for", "chosen.length === 1");
  assert.deepEqual(await read("chosen"), [{ chat: "bob@example.org", name: "pinned", value: true }]);
});

test("muting asks for how long", async () => {
  await show("list");
  await listen();
  await openMenu("Bob Okafor");
  await press("Mute…");
  await comes("it asks", `document.querySelectorAll("dialog .choice").length === 4`);
  await press("For an hour");
  await comes("it is asked for", "chosen.length === 1");
  assert.deepEqual(await read("[chosen[0].name, chosen[0].value - Date.now()]"), ["muted", 3_600_000]);
  assert.equal(await read(`document.querySelector("dialog[open]")`), null);
});

test("a room can notify of what names us alone", async () => {
  await show("mute-room");
  await listen();
  await press(
    "Notify only when I am mentionedWhen your name in this room is written, as a word of its own. Unread messages are counted as before.",
  );
  await comes("it is asked for", "chosen.length === 1");
  assert.deepEqual(await read("chosen[0]"), {
    chat: "ridge-walks@conference.example.org",
    name: "notify",
    value: "mentions",
  });
  assert.equal(
    await read(`document.querySelector('[data-jid^="ridge-walks"] .badge-mention').ariaLabel`),
    "2 of them mention you",
  );
});

test("what is pinned stands first, what is archived behind one row, and the arrow keys come to all of it", async () => {
  await show("list-chosen");
  assert.deepEqual(((await read(ROWS)) as readonly string[]).slice(0, 2), ["daniel@harbour.example", "نور"]);
  await show("list-archived");
  const shown = Number(await read(`document.querySelectorAll("[role=listbox]").length`));
  assert.equal(shown, 2);
  await read(`document.querySelector("[role=option]").focus()`);
  await stage.page.keyboard.press("End");
  const last = (await read(`document.activeElement.dataset.name`)) as string;
  assert.equal(last, ((await read(ROWS)) as readonly string[]).at(-1));
  await read(`document.querySelector(".archive-row").click()`);
  await comes("they are out of sight", `document.querySelectorAll("[role=listbox]").length === 1`);
  assert.equal(await read(`document.querySelector(".archive-row").ariaExpanded`), "false");
});

test("the parts of the list are one tab stop, and the arrow keys choose", async () => {
  await show("list-chosen");
  await read(`document.querySelector(".view input:checked").focus()`);
  await stage.page.keyboard.press("ArrowRight");
  await comes("what is unread", `!${ROWS}.includes("Mina Sato") && ${ROWS}.includes("Rui Castro")`);
  await stage.page.keyboard.press("ArrowRight");
  await stage.page.keyboard.press("ArrowRight");
  await comes("rooms", `${ROWS}.join() === "ridge-walks"`);
});

test("a muted conversation is told by a shape, and left out of the title until that is over", async () => {
  await show("list-chosen");
  assert.equal(await read(`${row("ridge-walks")}.querySelector(".row-sign").ariaLabel`), "Muted");
  const unread = Number(await read("app.unread.value"));
  await read("app.list.clock.value += 120_000");
  assert.equal(await read(`${row("Mina Sato")}.querySelector(".row-sign")`), null);
  await read(
    `app.choose = undefined, engine.tell({ type: "chats", removed: [], chats: [{ ...app.chats.value.get("ridge-walks@conference.example.org"), choices: undefined }] })`,
  );
  assert.equal(Number(await read("app.unread.value")), unread + 12);
});

test("what could not be kept is said in words", async () => {
  await show("list");
  await read(`engine.choose = async () => ({ ok: false, error: { kind: "storage-full" } })`);
  await openMenu("Bob Okafor");
  await press("Archive");
  await comes("it is said", `document.querySelector("dialog[open] [role=alert]")?.textContent.includes("storage")`);
});

test("a short address stands as one word: no room is kept before its @", async () => {
  await show("names-short");
  const letters = `document.querySelector("[data-name='lil@evil.example'] .address-name span")`;
  // What is kept for the beginning of a longer one is wider than these letters.
  const gap = await read(`(() => {
    const drawn = document.createRange();
    drawn.selectNodeContents(${letters});
    return Math.round(${letters}.getBoundingClientRect().width - drawn.getBoundingClientRect().width);
  })()`);
  assert.equal(gap, 0);
});

test("on a phone the empty list offers to invite somebody; beside it on a desktop that is offered once", async () => {
  const INVITES = `[...document.querySelectorAll("button")].filter((one) => one.textContent === "Invite somebody" && one.checkVisibility())`;
  await show("list-empty");
  assert.equal(await read(`${INVITES}.length`), 1);
  await stage.page.setViewport({ width: 390, height: 844 });
  assert.equal(await read(`${INVITES}.length`), 1);
  await read(`${INVITES}[0].click()`);
  await comes("it is open", `app.dialog.value?.kind === "invite-somebody"`);
  await stage.page.setViewport({ width: 1_180, height: 760 });
});
