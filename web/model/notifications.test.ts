import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatChoices } from "../../worker/contract/choices.ts";
import type { BareJid, Position, Time } from "../../worker/contract/names.ts";
import type { MessageItem, RoomSummary } from "../engine/protocol/conversations.ts";
import type { ShownChat } from "./chats.ts";
import {
  askedNotification,
  isAsking,
  isNews,
  isSilenced,
  notificationOf,
  pushedNotifications,
  wants,
} from "./notifications.ts";

const BOB = "bob@b.example" as BareJid;
const NOW = Date.parse("2026-11-27T12:00:00Z") as Time;
const READ_TO = 10 as Position;

const ITEM: MessageItem = {
  ...{ key: "k", chat: BOB, position: 11 as Position, at: (NOW - 1_000) as Time, outgoing: false, encrypted: true },
  body: { kind: "text", text: "photos are\nup" },
};
const CHAT = { jid: BOB, name: "Bob Okafor", relation: "contact", unread: 1 } as ShownChat;
const ROOM = { ...CHAT, name: "Ridge walks", room: { nick: "Alice" } as RoomSummary };
const chosen = (chat: ShownChat, choices: ChatChoices): ShownChat => ({ ...chat, choices });
const text = (words: string): MessageItem => ({ ...ITEM, body: { kind: "text", text: words } });

test("news is what others said or did, just now, beyond what was read", () => {
  const is = (more: Partial<MessageItem>) => isNews({ ...ITEM, ...more }, READ_TO, NOW);
  assert.equal(is({}), true);
  assert.equal(is({ outgoing: true }), false);
  assert.equal(is({ position: READ_TO }), false);
  assert.equal(is({ at: (NOW - 13 * 3_600_000) as Time }), false);
  assert.equal(is({ body: { kind: "reason", reason: "no-session" } }), false, "it may be opened in a moment");
  assert.equal(is({ body: { kind: "reason", reason: "call" } }), true);
});

test("name and text, the name alone, or neither", () => {
  const shown = (show: "all" | "who" | "nothing", chat = CHAT, item = ITEM) => {
    const { title, body, tag } = notificationOf(item, chat, show) ?? {};
    return [title, body, tag];
  };
  assert.deepEqual(shown("all"), ["Bob Okafor", "photos are up", BOB]);
  assert.deepEqual(shown("who"), ["Bob Okafor", "New message", BOB]);
  assert.deepEqual(shown("nothing"), ["Alcove", "New message", "alcove"]);
  assert.deepEqual(shown("all", ROOM, { ...ITEM, author: { nick: "Rui" } }), [
    "Ridge walks",
    "Rui: photos are up",
    BOB,
  ]);
});

test("S18: of a stranger neither words nor name are put before a person; of whoever is kept away nothing is", () => {
  const by = (relation: ShownChat["relation"]) => notificationOf(ITEM, { ...CHAT, relation }, "all");
  const { title, body } = by("stranger") ?? {};
  assert.deepEqual([title, body], ["Somebody who is not a contact has written to you", undefined]);
  assert.equal(by("blocked"), undefined);
  assert.equal(by("request"), undefined);
});

test("no key of a file is in a notification", () => {
  const file = text(`aesgcm://up.example/x.jpg#${"a".repeat(88)}`);
  assert.equal(notificationOf(file, CHAT, "all")?.body?.includes("aaaa"), false);
});

test("a muted conversation is silent until its time, or for good", () => {
  assert.equal(wants(ITEM, CHAT, NOW), true);
  assert.equal(wants(ITEM, chosen(CHAT, { muted: "always" }), NOW), false);
  assert.equal(wants(ITEM, chosen(CHAT, { muted: (NOW + 1) as Time }), NOW), false);
  assert.equal(wants(ITEM, chosen(CHAT, { muted: (NOW - 1) as Time }), NOW), true);
  assert.equal(wants(ITEM, chosen(CHAT, { notify: "nothing" }), NOW), false);
});

test("a room that notifies of mentions does so for our name there, and for answers to us", () => {
  const room = chosen(ROOM, { notify: "mentions" });
  assert.equal(wants(text("who has the rope?"), room, NOW), false);
  assert.equal(wants(text("alice, do you have the rope?"), room, NOW), true);
  assert.equal(wants({ ...text("yes"), quote: { outgoing: true } }, room, NOW), true);
  assert.equal(
    wants(text("hello"), chosen(CHAT, { notify: "mentions" }), NOW),
    true,
    "between two there is nobody else",
  );
});

test("a request says who asks, by their address, or that there is one", () => {
  const carol = {
    ...CHAT,
    jid: "carol@c.example" as BareJid,
    name: "carol@c.example",
    relation: "request",
  } as ShownChat;
  assert.deepEqual([isAsking(carol), isAsking(CHAT)], [true, false]);
  const shown = (show: "all" | "who" | "nothing") => {
    const { title, body, tag, chat } = askedNotification(carol, new Map(), show);
    return [title, body, tag, chat];
  };
  const asks = "carol@c.example wants to become your contact";
  assert.deepEqual(shown("all"), [asks, undefined, carol.jid, carol.jid]);
  assert.deepEqual(shown("who"), [asks, undefined, carol.jid, carol.jid]);
  assert.deepEqual(shown("nothing"), ["Alcove", "New request", "alcove", carol.jid]);
});

test("S18: an invitation into a room names the room for a contact's asking alone", () => {
  const room = { ...ROOM, jid: "walks@rooms.example" as BareJid, relation: "request" } as ShownChat;
  const invited = (by: BareJid, show: "all" | "who" | "nothing") => {
    const asked = { ...room, room: { ...room.room, invitedBy: by } as RoomSummary };
    const { title, body, tag } = askedNotification(asked, new Map([[BOB, CHAT]]), show);
    return [title, body, tag];
  };
  assert.deepEqual(invited(BOB, "all"), ["Bob Okafor invites you to a room", "Ridge walks", room.jid]);
  assert.deepEqual(invited(BOB, "who"), ["Bob Okafor invites you to a room", undefined, room.jid]);
  assert.deepEqual(invited(BOB, "nothing"), ["Alcove", "New request", "alcove"]);
  const mallory = "mallory@m.example" as BareJid;
  assert.deepEqual(invited(mallory, "all"), ["mallory@m.example invites you to a room", undefined, room.jid]);
});

test("a request in a muted conversation is silent as its messages are", () => {
  assert.equal(isSilenced(CHAT, NOW), false);
  assert.equal(isSilenced(chosen(CHAT, { muted: "always" }), NOW), true);
  assert.equal(isSilenced(chosen(CHAT, { notify: "nothing" }), NOW), true);
});

test("of what a push has brought each conversation shows its newest, and who asks; nothing of what was read", () => {
  const carol = "carol@c.example" as BareJid;
  const pushed = (chats: readonly ShownChat[], items: readonly MessageItem[]) =>
    pushedNotifications(
      { account: "alice@a.example" as BareJid, chats, items, changed: chats.map(({ jid }) => jid) },
      "all",
      NOW,
    ).map(({ title, body, tag }) => [title, body, tag]);
  const chat = { ...CHAT, readTo: READ_TO };
  const newer = { ...text("and the map"), key: "k2", position: 12 as Position };
  assert.deepEqual(pushed([chat], [newer, ITEM]), [["Bob Okafor", "and the map", BOB]], "whatever their order");
  assert.deepEqual(pushed([{ ...chat, readTo: 12 as Position }], [ITEM, newer]), []);
  assert.deepEqual(pushed([chosen(chat, { muted: "always" })], [ITEM]), []);
  const asks = { ...chat, jid: carol, name: carol, relation: "request" } as ShownChat;
  assert.deepEqual(pushed([chat, asks], []), [["carol@c.example wants to become your contact", undefined, carol]]);
});
