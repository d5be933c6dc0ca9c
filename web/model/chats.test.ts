import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Position } from "../../worker/contract/names.ts";
import type { ChatSummary } from "../engine/protocol/conversations.ts";
import {
  announcementOf,
  calledName,
  countAllUnread,
  markAlike,
  mergeChats,
  partsOf,
  previewOf,
  steadyChat,
} from "./chats.ts";

function chat(name: string, at?: number, more: Partial<ChatSummary> = {}): ChatSummary {
  return {
    jid: `${name.toLowerCase()}@example.org` as BareJid,
    name,
    relation: "contact",
    available: false,
    encryption: "on",
    unread: 0,
    readTo: 0 as Position,
    ...(at === undefined
      ? {}
      : { last: { key: `${name}-${at}`, at, outgoing: false, body: { kind: "text", text: `from ${name}` } } }),
    ...more,
  };
}

const list = (...chats: ChatSummary[]) => mergeChats(new Map(), chats);

test("a preview is one line", () => {
  const long = chat("Bob", 1);
  assert.equal(
    previewOf({ ...long, last: { key: "k", at: 1, outgoing: false, body: { kind: "text", text: "one\n\n two" } } }),
    "one two",
  );
  assert.equal(previewOf(chat("Bob", undefined, { relation: "request" })), "Wants to become your contact");
});

test("a new message is said aloud once, an own or an older one never", () => {
  const before = chat("Bob", 1, { unread: 1 });
  assert.equal(announcementOf(before, chat("Bob", 2, { unread: 2 })), "Bob: from Bob");
  assert.equal(announcementOf(before, before), undefined);
  assert.equal(announcementOf(chat("Bob", 3), chat("Bob", 2, { unread: 1 })), undefined);
});

test("unread messages add up over all conversations", () => {
  assert.equal(countAllUnread(list(chat("Bob", 1, { unread: 2 }), chat("Mina", 1, { unread: 3 })), 0), 5);
});

test("what is muted is no part of the number in the title", () => {
  const muted = chat("Bob", 1, { unread: 2, choices: { muted: 100 } });
  assert.equal(countAllUnread(list(muted, chat("Mina", 1, { unread: 3 })), 99), 3);
  assert.equal(countAllUnread(list(muted, chat("Mina", 1, { unread: 3 })), 100), 5);
});

test("P8: the line of a conversation holds no key of a file", () => {
  const file = `aesgcm://up.example/a.jpg#${"0f".repeat(44)}`;
  for (const text of [file, `see ${file}`, `${"x".repeat(150)} ${file}`]) {
    const row = chat("Bob", 1, { last: { key: "m", at: 1, outgoing: false, body: { kind: "text", text } } });
    assert.doesNotMatch(previewOf(row), /0f0f|#/);
    assert.doesNotMatch(announcementOf(undefined, { ...row, unread: 1 }) ?? "", /0f0f|#/);
  }
});

test("V13: the line of a conversation says which kind of file came, and what a room has told one person alone", () => {
  const file = { kind: "text", text: `aesgcm://up.example/a.jpg#${"0f".repeat(44)}` } as const;
  const said = { key: "m", at: 1, outgoing: false, body: { kind: "text", text: "psst" } } as const;
  const last = (more: object) => previewOf(chat("Ridge", 1, { last: { ...said, ...more } }));
  assert.equal(last({ body: file }), "📷 Photo");
  assert.equal(last({ body: file, author: { nick: "Mina" } }), "Mina: 📷 Photo");
  assert.equal(last({ author: { nick: "Mina" }, whisper: { nick: "Mina" } }), "Mina, only to you: psst");
  assert.equal(last({ outgoing: true, whisper: { nick: "Mina" } }), "You, only to Mina: psst");
});

test("M6: the line of a message in which nothing can be seen says so", () => {
  const row = chat("Bob", 1, { last: { key: "m", at: 1, outgoing: false, body: { kind: "text", text: "\u200b" } } });
  assert.equal(previewOf(row), "Empty message");
});

test("S18: who is marked is called with their address, and stays the same row while nothing changes", () => {
  const chats = list(chat("Bob"), chat("Mina"));
  const [bob, mina] = [...chats.keys()];
  assert.ok(bob !== undefined && mina !== undefined);
  const shown = markAlike(chats, new Set([bob]));
  const marked = shown.get(bob);
  assert.equal(marked && calledName(marked), "Bob (bob@example.org)");
  assert.equal(shown.get(mina), chats.get(mina));
  assert.equal(markAlike(chats, new Set([bob])).get(bob), marked);
  const stranger = {
    ...chat("Eve"),
    name: "eve@evil.example",
    jid: "eve@evil.example" as BareJid,
    alike: true,
  } as const;
  assert.equal(calledName(stranger), "eve@evil.example");
});

test("the line of a message that comes in a moment says so, and not that it cannot be shown", () => {
  const lines = (["costly", "unproven", "no-session"] as const).map((reason) =>
    previewOf(chat("Bob", 1, { last: { key: "m", at: 1, outgoing: false, body: { kind: "reason", reason } } })),
  );
  assert.match(lines[0] ?? "", /It is shown in a moment\.$/);
  assert.match(lines[1] ?? "", /shown as soon as that is confirmed/);
  assert.equal(lines[2], "Message that cannot be shown here");
});

test("P7: a call is the line of its conversation, and is said aloud", () => {
  const body = { kind: "reason", reason: "call" } as const;
  const row = chat("Bob", 1, { last: { key: "m", at: 1, outgoing: false, body }, unread: 1 });
  assert.equal(previewOf(row), "Called you. Answer in another app.");
  assert.equal(announcementOf(undefined, row), "Bob: Called you. Answer in another app.");
  const lost = {
    ...row,
    last: { key: "m", at: 1, outgoing: false, body: { kind: "reason", reason: "no-session" } },
  } as const;
  assert.equal(announcementOf(undefined, lost), undefined);
});

test("of a thousand conversations only the part with the one that changed is another", () => {
  const listed = Array.from({ length: 1_000 }, (_, n) => chat(`Contact ${n}`));
  const before = partsOf(listed, []);
  assert.deepEqual(before.flat(), listed);
  const changed = chat("Contact 30", 5);
  const now = partsOf(listed.with(30, changed), before);
  assert.deepEqual(
    now.filter((part) => !before.includes(part)),
    now.filter((part) => part.includes(changed)),
  );
});

test("V13: a row of a room always says who wrote, ourselves included", () => {
  const room = { state: "joined", nick: "alice", people: 3 } as ChatSummary["room"] & object;
  const last = { key: "k", at: 1, body: { kind: "text", text: "off we go" } } as const;
  const said = (more: Partial<ChatSummary["last"] & object>) =>
    previewOf({ ...chat("Ridge", undefined, { room }), last: { ...last, outgoing: false, ...more } });
  assert.equal(said({ author: { nick: "Mina" } }), "Mina: off we go");
  assert.equal(said({ outgoing: true }), "You: off we go");
  assert.equal(
    previewOf({ ...chat("Bob"), last: { ...last, outgoing: true } }),
    "off we go",
    "with one person it is clear",
  );
});

test("around an open conversation nothing is drawn again for what only its row in the list shows", () => {
  const before = chat("Bob", 1, { choices: { pinned: true } });
  const written = chat("Bob", 2, { choices: { pinned: true }, newest: 7 as Position, readTo: 7 as Position });
  assert.equal(steadyChat(before, written), before);
  for (const other of [
    { ...written, unread: 1 },
    { ...written, encryption: "blocked" as const },
    { ...written, choices: {} },
    { ...written, alike: true as const },
  ])
    assert.equal(steadyChat(before, other), other);
  assert.equal(steadyChat(before, undefined), undefined);
  assert.equal(steadyChat(undefined, before), before);
});

test("of a stranger it is drawn whether they have written", () => {
  const asked = chat("Bob", undefined, { relation: "stranger" });
  const written = chat("Bob", 2, { relation: "stranger" });
  assert.equal(steadyChat(asked, written), written);
});
