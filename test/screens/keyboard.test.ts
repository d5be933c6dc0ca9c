/** Somebody without a pointer: Escape closes one thing, the focus comes back to where it was, all is reached by the Tab key. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const CHAT = `app.openChat.value === "bob@example.org"`;
const ON_TOP = `document.querySelector("dialog[open], [popover]:popover-open") !== null`;
const MESSAGE = `document.querySelector("li[data-key]:last-child")`;
const press = (label: string) =>
  read(`[...document.querySelectorAll("button")].find((one) =>
    one.checkVisibility() && (one.ariaLabel === ${JSON.stringify(label)} || one.textContent === ${JSON.stringify(label)})).click()`);
/** Where the Tab key begins: before everything. */
const atTheBeginning = () =>
  read(`{ document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex"); }`);
const focusOn = (selector: string) => read(`document.querySelector(${JSON.stringify(selector)}).focus()`);

/** What opens over a conversation, how, and what has the focus again when it is closed. */
const OVER: Readonly<Record<string, { readonly open: () => Promise<unknown>; readonly back: string }>> = {
  "the menu of a message": {
    open: async () => {
      await focusOn("li[data-key]:last-child");
      await stage.page.keyboard.press("Enter");
    },
    back: `document.activeElement === ${MESSAGE}`,
  },
  "what is known of a message, out of its menu": {
    open: async () => {
      await focusOn("li[data-key]:last-child");
      await stage.page.keyboard.press("Enter");
      await comes("the menu is open", `document.querySelector(".floating-menu") !== null`);
      await press("Info");
    },
    back: `document.activeElement === ${MESSAGE}`,
  },
  "the menu of the conversation": {
    open: async () => {
      await focusOn(".head [popovertarget]");
      await stage.page.keyboard.press("Enter");
    },
    back: `document.activeElement.matches(".head [popovertarget]")`,
  },
  "a question out of that menu": {
    open: async () => {
      await focusOn(".head [popovertarget]");
      await stage.page.keyboard.press("Enter");
      await press("Block…");
    },
    back: `document.activeElement.matches(".head [popovertarget]")`,
  },
  "the menu of the account": {
    open: async () => {
      await focusOn(".account-button");
      await stage.page.keyboard.press("Enter");
    },
    back: `document.activeElement.matches(".account-button")`,
  },
  emoji: {
    open: async () => {
      await focusOn("[aria-label=Emoji]");
      await stage.page.keyboard.press("Enter");
    },
    back: `document.activeElement.closest(".composer") !== null`,
  },
  "the quick switcher": {
    open: async () => {
      await stage.page.keyboard.down("Control");
      await stage.page.keyboard.press("k");
      await stage.page.keyboard.up("Control");
    },
    back: `document.activeElement.matches(".composer textarea")`,
  },
};

test("a dialog is open in the turn that draws it, so that a key pressed right then is not lost", async () => {
  await show("chat");
  await comes("what dialogs need is there", `document.querySelector("dialog") === null`);
  await read(`app.dialog.value = { kind: "shortcuts" }`);
  await comes("it has been open once", `document.querySelector("dialog[open]") !== null`);
  await stage.page.keyboard.press("Escape");
  await comes("it is closed", `document.querySelector("dialog") === null`);
  await read(`{
    window.drawnOpen = undefined;
    new MutationObserver((_, observer) => {
      const dialog = document.querySelector("dialog");
      if (dialog === null) return;
      window.drawnOpen = dialog.open;
      observer.disconnect();
    }).observe(document.body, { childList: true, subtree: true });
    app.dialog.value = { kind: "shortcuts" };
  }`);
  await comes("it is drawn", `window.drawnOpen !== undefined`);
  assert.equal(await read("window.drawnOpen"), true);
});

for (const [what, { open, back }] of Object.entries(OVER))
  void test(`Escape closes ${what} and nothing else, and the focus is where it was`, async () => {
    await show("chat");
    await comes("the composer has the focus", `document.activeElement.matches(".composer textarea")`);
    await open();
    await comes("it is open", ON_TOP);
    await stage.page.keyboard.press("Escape");
    await comes("it is closed", `!(${ON_TOP}) && app.dialog.value === undefined`);
    assert.equal(await read(CHAT), true, "the conversation is open");
    await comes("the focus is back", back);
    await stage.page.keyboard.press("Escape");
    await comes("now the conversation is left", `app.openChat.value === undefined`);
  });

void test("whoever keeps Escape down closes one thing", async () => {
  await show("writing-info");
  await comes("it is open", ON_TOP);
  await stage.page.keyboard.down("Escape");
  for (let again = 0; again < 5; again += 1) await stage.page.keyboard.down("Escape");
  await stage.page.keyboard.up("Escape");
  await comes("it is closed", `!(${ON_TOP})`);
  assert.equal(await read(CHAT), true, "the conversation is open");
});

void test("Escape while a dialog is on its way closes that, not the conversation behind it", async () => {
  await show("chat");
  await read(`{
    app.dialog.value = { kind: "sign-out" };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
  }`);
  assert.equal(await read(CHAT), true);
});

test("a press closes a dialog only where it begins and ends beside it", async () => {
  await show("chat");
  await read(`app.dialog.value = { kind: "new-chat" }`);
  await comes("there is a field", `document.querySelector("dialog[open] input") !== null`);
  const { x, y } = (await read(
    `(({ left, top, height }) => ({ x: left + 20, y: top + height / 2 }))(document.querySelector("dialog input").getBoundingClientRect())`,
  )) as { readonly x: number; readonly y: number };
  const { mouse } = stage.page;
  // What was typed is marked with the mouse, to beyond the dialog; or the dialog grows, and a button moves away under the press.
  for (const [from, to] of [
    [
      [x, y],
      [4, 4],
    ],
    [
      [4, 4],
      [x, y],
    ],
  ] as const) {
    await mouse.move(from[0], from[1]);
    await mouse.down();
    await mouse.move(to[0], to[1]);
    await mouse.up();
    assert.equal(await read(`document.querySelector("dialog[open] input") !== null`), true);
  }
  await mouse.click(4, 4);
  await comes("it is closed", `document.querySelector("dialog") === null`);
});

void test("the first stop of the Tab key skips the list, and leads to the composer", async () => {
  await show("chat");
  await atTheBeginning();
  await stage.page.keyboard.press("Tab");
  assert.equal(await read(`document.activeElement.textContent`), "Skip the list");
  assert.equal(await read(`getComputedStyle(document.activeElement).clipPath`), "none", "it is seen");
  await stage.page.keyboard.press("Enter");
  await comes("the composer has the focus", `document.activeElement.matches(".composer textarea")`);
});

void test("a whole conversation is a few stops of the Tab key: its list and its messages are one each", async () => {
  await show("chat-exposed");
  await atTheBeginning();
  const stops: string[] = [];
  for (let stop = 0; stop < 40; stop += 1) {
    await stage.page.keyboard.press("Tab");
    const at = (await read(
      `((one) => one === document.body ? undefined : one.ariaLabel ?? one.getAttribute("role") ?? one.localName)(document.activeElement)`,
    )) as string | undefined;
    if (at === undefined) break;
    stops.push(at);
  }
  assert.equal(stops.filter((stop) => stop === "option").length, 1, stops.join(", "));
  assert.equal(stops.filter((stop) => stop === "li").length, 1, stops.join(", "));
  assert.ok(stops.length < 22, stops.join(", "));
});

void test("the newest words are read out once, politely, apart from the list", async () => {
  await show("chat");
  await read(`{
    const item = { key: "late", chat: "bob@example.org", position: 100000, at: Date.now(), outgoing: false, encrypted: true, body: { kind: "text", text: "Are you there?" } };
    engine.tell({ type: "messages", chat: item.chat, items: [item], removed: [], beforeDevice: 0, readTo: 0 });
    engine.tell({ type: "chats", removed: [], chats: [{ ...app.chats.peek().get(item.chat), unread: 1, last: { key: item.key, at: item.at, outgoing: false, body: item.body } }] });
  }`);
  await comes(
    "it is said",
    `[...document.querySelectorAll("[aria-live=polite]")].some((one) => one.textContent.includes("Are you there?"))`,
  );
  assert.equal(await read(`document.querySelectorAll("[aria-live]").length`), 1, "one region");
  assert.equal(await read(`document.querySelector(".messages").closest("[aria-live], [role=log]")`), null);
});

void test("U22: the ring of a message that has the focus is drawn over the next one", async () => {
  await show("chat");
  await focusOn("li[data-key]:nth-last-child(2)");
  await stage.page.keyboard.press("ArrowUp");
  assert.equal(
    await read(`(() => {
      const row = document.activeElement;
      const next = row.nextElementSibling;
      const { zIndex, position } = getComputedStyle(row);
      return position === "relative" && Number(zIndex) > (Number(getComputedStyle(next).zIndex) || 0);
    })()`),
    true,
  );
});
