import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Position } from "../../worker/contract/names.ts";
import type { ChatSummary, RoomSummary } from "../engine/protocol/conversations.ts";
import { type ListView, listChats } from "./chat-list.ts";
import { mergeChats } from "./chats.ts";

const NOW = 1_000;

function chat(name: string, at?: number, more: Partial<ChatSummary> = {}): ChatSummary {
  const last = at === undefined ? {} : { newest: at as Position };
  return {
    jid: `${name.toLowerCase()}@example.org` as BareJid,
    name,
    relation: "contact",
    available: false,
    encryption: "on",
    unread: 0,
    readTo: 0 as Position,
    ...last,
    ...(at !== undefined && { last: { key: name, at, outgoing: false, body: { kind: "text", text: "hello" } } }),
    ...more,
  };
}

function show(chats: readonly ChatSummary[], { filter = "", view = "all" as ListView, open = "" } = {}) {
  const wanted = { filter, view, now: NOW, open: open as BareJid };
  const { listed, archived } = listChats(mergeChats(new Map(), chats), wanted);
  return { listed: listed.map(({ name }) => name), archived: archived.map(({ name }) => name) };
}

const place = (at: number) => at as Position;

test("requests stand on top, then what is pinned, then the newest conversation, then names", () => {
  const { listed } = show([
    chat("Zoe"),
    chat("Bob", 1),
    chat("Mina", 2),
    chat("Adam"),
    chat("Old", 0, { choices: { pinned: true } }),
    chat("Dan", undefined, { relation: "request" }),
  ]);
  assert.deepEqual(listed, ["Dan", "Old", "Mina", "Bob", "Adam", "Zoe"]);
});

test("a person is found by name or address, whatever the accents", () => {
  const chats = [chat("João"), chat("Bob")];
  assert.deepEqual(show(chats, { filter: " joao " }).listed, ["João"]);
  assert.equal(show(chats, { filter: "EXAMPLE.org" }).listed.length, 2);
});

test("what is archived is behind the others until there is something newer; whoever looks for it finds it", () => {
  const chats = [
    chat("Bob", 5, { choices: { archived: place(5) } }),
    chat("Mina", 6, { choices: { archived: place(5) } }),
    chat("Loud", 7, { choices: { archived: place(5), muted: "always" } }),
  ];
  assert.deepEqual(show(chats), { listed: ["Mina"], archived: ["Loud", "Bob"] });
  assert.deepEqual(show(chats, { filter: "bob" }), { listed: ["Bob"], archived: [] });
});

test("a view shows what is unread, people, or rooms; what is open stays among the unread", () => {
  const room = {} as RoomSummary;
  const chats = [
    chat("Bob", 5, { unread: 2 }),
    chat("Mina", 4),
    chat("Marked", 3, { readTo: place(3), choices: { unread: place(3) } }),
    chat("Tour", 2, { room }),
    chat("Asks", undefined, { relation: "request" }),
  ];
  assert.deepEqual(show(chats, { view: "unread" }).listed, ["Asks", "Bob", "Marked"]);
  assert.deepEqual(show(chats, { view: "unread", open: "mina@example.org" }).listed, ["Asks", "Bob", "Mina", "Marked"]);
  assert.deepEqual(show(chats, { view: "people" }).listed, ["Asks", "Bob", "Mina", "Marked"]);
  assert.deepEqual(show(chats, { view: "rooms" }).listed, ["Tour"]);
});
