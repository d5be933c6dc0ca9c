/** The sheet of shortcuts is complete and true: each row of it has a test here, and each test a row. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyInput } from "puppeteer-core";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const ROW = `document.activeElement.dataset.jid`;
const FOCUS = `document.activeElement`;
const MODE = `app.conversation("bob@example.org").writing.mode.value.kind`;
const SENT = `document.querySelector(".messages li:last-child .words").textContent`;

/** Keys that are down together, the last one pressed. */
async function press(...keys: readonly KeyInput[]): Promise<void> {
  const held = keys.slice(0, -1);
  for (const key of held) await stage.page.keyboard.down(key);
  await stage.page.keyboard.press(keys.at(-1) ?? "Escape");
  for (const key of held) await stage.page.keyboard.up(key);
}

const inList = () => read(`document.querySelector("[role=option][data-jid='bob@example.org']").focus()`);
const inMessages = () => read(`document.querySelector("li[data-key]:last-child").focus()`);
const nothingHasFocus = () => read(`document.activeElement.blur()`);

type Row = {
  readonly scene: string;
  readonly before?: () => Promise<unknown>;
  readonly keys: readonly KeyInput[];
  /** What is so afterwards. */
  readonly so: string;
};

const SHORTCUTS: Readonly<Record<string, Row>> = {
  switch: { scene: "chat", keys: ["Control", "k"], so: `app.dialog.value?.kind === "switcher"` },
  search: { scene: "list", keys: ["/"], so: `${FOCUS}.id === "filter"` },
  "search-anywhere": { scene: "chat", keys: ["Control", "Shift", "f"], so: `${FOCUS}.id === "filter"` },
  settings: { scene: "chat", keys: ["Control", ","], so: `app.place.value.screen === "settings"` },
  sheet: {
    scene: "chat",
    before: nothingHasFocus,
    keys: ["?"],
    so: `document.querySelector("dialog .shortcuts") !== null`,
  },
  leave: { scene: "chat", keys: ["Escape"], so: `app.openChat.value === undefined` },
  walk: {
    scene: "list",
    before: inList,
    keys: ["ArrowDown"],
    so: `${ROW} === document.querySelectorAll("[role=option]")[2].dataset.jid`,
  },
  ends: {
    scene: "list",
    before: inList,
    keys: ["End"],
    so: `${FOCUS} === [...document.querySelectorAll("[role=option]")].at(-1)`,
  },
  open: { scene: "list", before: inList, keys: ["Enter"], so: `app.openChat.value === "bob@example.org"` },
  "row-menu": {
    scene: "list",
    before: inList,
    keys: ["Shift", "F10"],
    so: `document.querySelector(".floating-menu [role=menuitem]") !== null`,
  },
  send: {
    scene: "chat",
    before: () => stage.page.keyboard.type("on my way"),
    keys: ["Enter"],
    so: `${SENT} === "on my way"`,
  },
  line: {
    scene: "chat",
    before: () => stage.page.keyboard.type("one"),
    keys: ["Shift", "Enter"],
    so: `${FOCUS}.value === "one\\n"`,
  },
  edit: { scene: "writing-quotes", keys: ["ArrowUp"], so: `${MODE} === "edit"` },
  answer: { scene: "chat", keys: ["Control", "ArrowUp"], so: `${MODE} === "answer"` },
  "answer-next": {
    scene: "chat",
    before: () => press("Control", "ArrowUp"),
    keys: ["Control", "ArrowDown"],
    so: `${MODE} === "message"`,
  },
  "walk-messages": {
    scene: "chat",
    before: inMessages,
    keys: ["ArrowUp"],
    so: `${FOCUS} === [...document.querySelectorAll("li[data-key]")].at(-2)`,
  },
  "message-ends": {
    scene: "chat",
    before: inMessages,
    keys: ["Home"],
    so: `${FOCUS} === document.querySelector("li[data-key]")`,
  },
  menu: {
    scene: "chat",
    before: inMessages,
    keys: ["Enter"],
    so: `document.querySelector(".floating-menu [role=menu]") !== null`,
  },
  select: {
    scene: "chat",
    before: inMessages,
    keys: ["Shift", "ArrowUp"],
    so: `document.querySelectorAll("li.chosen").length > 1`,
  },
  "copy-selected": {
    scene: "chat",
    before: async () => {
      await inMessages();
      await press("Shift", "ArrowUp");
      await comes("they are chosen", `document.querySelector(".selection") !== null`);
      await read(`navigator.clipboard.writeText = async (words) => { globalThis.copied = words; }`);
    },
    keys: ["Control", "c"],
    so: `globalThis.copied?.includes("Photos from the ridge are up, take a look") === true`,
  },
};

for (const [what, { scene, before, keys, so }] of Object.entries(SHORTCUTS))
  void test(`shortcut “${what}”: ${keys.join("+")}`, async () => {
    await show(scene);
    if (scene === "chat") await comes("the composer has the focus", `${FOCUS}.matches(".composer textarea")`);
    await before?.();
    assert.notEqual(await read(so), true, "it is not so before");
    await press(...keys);
    await comes("it is so", so);
  });

void test("the sheet has these shortcuts, and no others", async () => {
  await show("shortcuts");
  const rows = await read(`[...document.querySelectorAll("[data-shortcut]")].map(({ dataset }) => dataset.shortcut)`);
  assert.deepEqual((rows as readonly string[]).toSorted(), [...Object.keys(SHORTCUTS)].toSorted());
});
