import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatChoices, Choice } from "../../worker/contract/choices.ts";
import type { BareJid, Position } from "../../worker/contract/names.ts";
import type { ChatSummary } from "../engine/protocol/conversations.ts";
import type { App } from "./app.ts";
import { actOnChat, chatActionsOf } from "./chat-actions.ts";
import { mute } from "./muting.ts";

const BOB = "bob@b.example" as BareJid;
const NOW = 1_000_000;
const place = (at: number) => at as Position;

function chat(choices: ChatChoices = {}, more: Partial<ChatSummary> = {}): ChatSummary {
  return {
    ...{ jid: BOB, name: "Bob", relation: "contact", available: false, encryption: "on", unread: 0 },
    readTo: place(7),
    newest: place(7),
    last: { key: "m", at: 1, outgoing: false, body: { kind: "text", text: "hello" } },
    choices,
    ...more,
  } as ChatSummary;
}

/** What was chosen and read when somebody does something with this conversation, which is open. */
function scene(of: ChatSummary) {
  const done: unknown[] = [];
  const app = {
    chats: { peek: () => new Map([[BOB, of]]) },
    openChat: { peek: () => BOB },
    dialog: { value: undefined as unknown },
    go: (to: unknown) => done.push(to),
    chooseOrSay: async (...choices: readonly Choice[]) => void done.push(...choices),
    engine: { read: async (args: unknown) => void done.push(args) },
  };
  return { app: app as unknown as App, done };
}

test("the menu says what can be done now", () => {
  assert.deepEqual(chatActionsOf(chat(), NOW), ["pin", "mute", "unread", "archive", "name"]);
  assert.deepEqual(chatActionsOf(chat({ pinned: true, muted: "always" }, { unread: 2 }), NOW), [
    ...["unpin", "unmute", "read", "archive", "name"],
  ]);
  assert.deepEqual(chatActionsOf(chat({ archived: place(7), unread: place(7) }), NOW), [
    "mute",
    "read",
    "unarchive",
    "name",
  ]);
  assert.deepEqual(chatActionsOf(chat({}, { relation: "request" }), NOW), []);
});

test("what is archived is pinned no longer, and closed", async () => {
  const { app, done } = scene(chat({ pinned: true }));
  await actOnChat(app, chat({ pinned: true }), "archive");
  assert.deepEqual(done, [
    { screen: "chats" },
    { chat: BOB, name: "archived", value: 7 },
    { chat: BOB, name: "pinned" },
  ]);
});

test("muting what has come back from the archive does not put it there again; what is in it stays", async () => {
  const back = scene(chat({ archived: place(5) }));
  await mute(back.app, BOB, "always", NOW);
  assert.deepEqual(back.done, [
    { chat: BOB, name: "muted", value: "always" },
    { chat: BOB, name: "archived" },
  ]);
  const inside = scene(chat({ archived: place(7) }));
  await mute(inside.app, BOB, "always", NOW);
  assert.deepEqual(inside.done, [{ chat: BOB, name: "muted", value: "always" }]);
});

test("marked as read it is read to its end, and its mark is gone", async () => {
  const unread = chat({ unread: place(7) }, { unread: 1 });
  const { app, done } = scene(unread);
  await actOnChat(app, unread, "read");
  assert.deepEqual(done, [
    { chat: BOB, position: 7 },
    { chat: BOB, name: "unread" },
  ]);
});
