/** Answering and changing messages by mouse, keyboard and finger, with a scripted engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const keys = async (...names: readonly Parameters<typeof stage.page.keyboard.press>[0][]): Promise<void> => {
  for (const name of names) await stage.page.keyboard.press(name);
};

const MODE = `document.querySelector("[data-writing]")?.dataset.writing`;
const DRAFT = `document.querySelector("textarea").value`;
const FOCUS = `document.activeElement`;
const ABOUT = `document.querySelector(".writing-about p")?.textContent`;
const FOCUSED_WORDS = `${FOCUS}.querySelector?.(".words")?.textContent`;
const heard = (words: string) =>
  comes(`“${words}” is said aloud`, `document.querySelector("[role=status].unseen").textContent === "${words}"`);

test("ArrowUp edits the last own message, Escape gives the draft back and stays in the conversation", async () => {
  await show("chat");
  await keys("ArrowUp");
  await comes("the edit begins", `${MODE} === "edit" && ${DRAFT} === "I will send the track tonight."`);
  assert.equal(await read(`${FOCUS}.selectionStart === ${DRAFT}.length`), true);
  await heard("Edit message: I will send the track tonight.");
  await keys("Escape");
  await comes("the edit is left", `${MODE} === undefined && ${DRAFT} === ""`);
  assert.equal(await read(`${FOCUS}.tagName`), "TEXTAREA");
  await stage.page.keyboard.type("half a thought");
  await keys("ArrowUp");
  assert.equal(await read(MODE), undefined, "in a text the arrow moves the caret");
});

test("with Ctrl the arrows choose what is answered, and Enter sends it under a quote", async () => {
  await show("chat");
  await stage.page.keyboard.down("Control");
  await keys("ArrowUp", "ArrowUp", "ArrowUp");
  await comes("the third from the end is answered", `${ABOUT} === "I will send the track tonight."`);
  await keys("ArrowDown", "ArrowDown");
  await stage.page.keyboard.up("Control");
  await comes("the newest is answered", `${ABOUT} === "Photos from the ridge are up, take a look"`);
  assert.equal(await read(`document.querySelector(".subject .words").textContent`), await read(ABOUT));
  await stage.page.keyboard.type("I see you!");
  await keys("Enter");
  await comes(
    "the answer stands",
    `document.querySelector(".messages li:last-child q")?.textContent === "Photos from the ridge are up, take a look"`,
  );
  assert.equal(await read(MODE), undefined);
});

test("the messages are one tab stop, walked with the arrow keys; Enter opens the menu, Escape gives the focus back", async () => {
  await show("chat");
  assert.equal(await read(`document.querySelectorAll("li[data-key][tabindex='0']").length`), 1);
  await stage.page.focus("li[data-key][tabindex='0']");
  await keys("ArrowUp", "ArrowUp");
  assert.equal(await read(FOCUSED_WORDS), "I will send the track tonight.");
  await keys("Enter");
  await comes("the menu is open", `${FOCUS}.getAttribute("role") === "menuitem"`);
  await keys("ArrowDown");
  assert.equal(await read(`${FOCUS}.textContent`), "Edit");
  await keys("End", "ArrowDown");
  assert.equal(await read(`${FOCUS}.textContent`), "👍", "behind the last entry comes the first reaction");
  await keys("Escape");
  await comes("the menu is closed", `document.querySelector("dialog") === null`);
  assert.equal(await read(FOCUSED_WORDS), "I will send the track tonight.");
  assert.equal(await read(`document.querySelectorAll("main h2").length`), 1, "the conversation is still open");
  await keys("Enter", "ArrowDown", "Enter");
  await comes("the edit begins in the composer", `${FOCUS}.tagName === "TEXTAREA" && ${MODE} === "edit"`);
});

test("a message of somebody else has no Edit; what has failed has no Reply", async () => {
  await show("writing-menu-theirs");
  const entries = `[...document.querySelectorAll(".floating-menu .menu-item")].map((entry) => entry.textContent).join()`;
  assert.equal(await read(entries), "Reply,Copy text,Forward…,Select several…,Info,Delete for me…");
  await show("chat-failed");
  await stage.page.click("li[data-state=failed] .words", { button: "right" });
  await comes("the menu is open", `document.querySelector("[role=menu]") !== null`);
  assert.equal(await read(entries), "Copy text,Forward…,Select several…,Info");
});

test("a menu that is open for a message on its way offers Reply and Edit once it has arrived", async () => {
  await show("chat");
  await stage.page.keyboard.type("On my way");
  await keys("Enter");
  const entries = `[...document.querySelectorAll(".floating-menu .menu-item")].map((entry) => entry.textContent).join()`;
  const last = `[...document.querySelectorAll("li[data-key]")].at(-1)`;
  await read(`${last}.querySelector("[aria-haspopup=menu]").click()`);
  await comes("it can be copied, and looked into", `${entries} === "Copy text,Forward…,Select several…,Info"`);
  await read(`engine.tell({ type: "messages", chat: "bob@example.org", removed: [], beforeDevice: 0, readTo: 0, items: [{
    key: ${last}.dataset.key, id: "arrived", chat: "bob@example.org", position: 100_000, at: Date.now(), outgoing: true,
    encrypted: true, body: { kind: "text", text: "On my way" }, state: "sent",
  }] })`);
  await comes(
    "it can be answered and edited",
    `${entries} === "Reply,Edit,Copy text,Forward…,Select several…,Info,Delete for me…,Delete for everyone"`,
  );
  await keys("Escape");
  await comes("the menu is closed", `document.querySelector("[role=menu]") === null`);
});

test("Info opens over the conversation and gives the focus back to the message", async () => {
  await show("chat");
  await stage.page.focus("li[data-key][tabindex='0']");
  await keys("Enter", "End", "ArrowUp", "Enter");
  await comes("the info is open", `document.querySelector("dialog[open] h2")?.textContent === "Message info"`);
  await keys("Escape");
  await comes("the message has the focus", `${FOCUSED_WORDS} === "Photos from the ridge are up, take a look"`);
});

test("a quote leads to what it quotes and marks it; one of what is not here says so", async () => {
  await show("writing-quotes");
  const press = (nth: number) => read(`document.querySelectorAll(".quote-link")[${nth}].click()`);
  await press(0);
  await comes("the message is marked", `document.querySelector(".sought .words")?.textContent?.startsWith("Meet at")`);
  assert.equal(await read(`${FOCUSED_WORDS}?.startsWith("Meet at")`), true);
  await press(1);
  await comes("it says so", `document.querySelectorAll(".quote-missing")[1].textContent.startsWith("That message")`);
});

test("an edit goes on in its conversation while another one is looked at", async () => {
  await show("writing-edit");
  await stage.page.click("[role=option][data-name='Mina Sato']");
  await comes("another conversation is open", `${MODE} === undefined && ${DRAFT} === ""`);
  await stage.page.click("[role=option][data-name='Bob Okafor']");
  await comes("the edit is back", `${MODE} === "edit" && ${DRAFT} === "I will send the track tonight."`);
});

test("a long press opens the menu and letting go leaves it open; drawing a message aside answers it", async () => {
  const { page } = stage;
  await page.setViewport({ width: 390, height: 780, hasTouch: true, isMobile: true });
  await show("chat");
  const at = async () =>
    (await read(`(() => {
      const { left, top } = [...document.querySelectorAll("li[data-key] .bubble")].at(-1).getBoundingClientRect();
      return { x: left + 40, y: top + 14 };
    })()`)) as { readonly x: number; readonly y: number };
  const { x, y } = await at();
  const press = await page.touchscreen.touchStart(x, y);
  await comes("the menu is open", `document.querySelector("[role=menu]") !== null`);
  await press.end();
  assert.notEqual(await page.$("[role=menu]"), null);
  await keys("Escape");
  await comes("the menu is closed", `document.querySelector("[role=menu]") === null`);
  const swipe = await page.touchscreen.touchStart(x, y);
  for (const right of [20, 50, 90]) await swipe.move(x + right, y);
  await comes("it follows the finger", `document.querySelector("[data-swiped=enough]") !== null`);
  await swipe.end();
  await comes("it is answered", `${MODE} === "answer"`);
  assert.equal(await read(ABOUT), "Photos from the ridge are up, take a look");
  await page.setViewport({ width: 1180, height: 760 });
});

test("several messages are chosen by keyboard, by presses and by a range; Escape ends it and leaves the conversation open", async () => {
  const chosen = `[...document.querySelectorAll("li.chosen .words")].map((one) => one.textContent)`;
  const count = `document.querySelector(".selection [role=status]")?.textContent`;
  await show("chat");
  await stage.page.focus("li[data-key][tabindex='0']");
  await stage.page.keyboard.down("Shift");
  await keys("ArrowUp", "ArrowUp");
  await comes("three are chosen", `${count} === "3 selected" && ${chosen}.length === 3`);
  await keys("ArrowDown");
  await stage.page.keyboard.up("Shift");
  await comes("the range became shorter", `${count} === "2 selected"`);
  assert.equal(await read(`document.querySelectorAll("li[data-key] .pick[aria-pressed=true]").length`), 2);
  await keys("Space");
  await comes("Space takes one away", `${count} === "1 selected"`);
  assert.equal(await read(`document.querySelector("textarea")`), null, "nothing is written meanwhile");
  await keys("Escape");
  await comes(
    "the composer is back",
    `document.querySelector(".selection") === null && document.querySelector("textarea") !== null`,
  );
  assert.equal(await read(`document.querySelector(".pane .messages") !== null`), true);
  assert.equal(await read(`document.querySelector(".pick")`), null);
});
