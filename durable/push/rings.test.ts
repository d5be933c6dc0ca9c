import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry, MessageContent, MessageEntry } from "../../worker/contract/entries.ts";
import type { BareJid, BrowserId, ClientId, EntryId, Position, Seq } from "../../worker/contract/names.ts";
import { type About, rings, ringsInvited } from "./rings.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const ME = "me@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const HOUR_MS = 3_600_000;

const SEALED: MessageContent = { kind: "omemo", omemo: { sid: 7 as never, iv: "", keys: [], payload: "REVG" } };
const { payload: _, ...noPayload } = SEALED.kind === "omemo" ? SEALED.omemo : assert.fail();

function said(more: Partial<MessageEntry> = {}): MessageEntry {
  const names = { id: "e" as EntryId, seq: 5 as Seq, position: 5 as Position };
  return { ...names, kind: "message", at: NOW, chat: BOB, sender: BOB, content: SEALED, ...more };
}

const about = (more: Partial<About> = {}): About => ({
  now: NOW,
  account: ME,
  settings: { writesFirst: "anybody" },
  choices: {},
  contact: { subscription: "both", asked: false },
  writtenTo: false,
  nick: undefined,
  readTo: undefined,
  ...more,
});
const STRANGER: Partial<About> = { contact: { subscription: "none", asked: false } };
const ROOM: Partial<About> = { nick: "Alice", ...STRANGER };
const clear = (text: string): MessageContent => ({ kind: "clear", text });

const ROWS: readonly (readonly [string, boolean, Entry, Partial<About>])[] = [
  ["an encrypted message of a contact", true, said(), {}],
  ["one in clear", true, said({ content: clear("hi") }), {}],
  ["somebody calls", true, said({ content: { kind: "happening", what: "call" } }), {}],
  ["a key transport, which says nothing", false, said({ content: { kind: "omemo", omemo: noPayload } }), {}],
  ["an own one, by another client", false, said({ sender: ME }), {}],
  ["an own one, by a browser", false, said({ sent: { browser: "b" as BrowserId, client: "c" as ClientId } }), {}],
  ["a reaction", false, said({ act: { kind: "reactions", of: { id: "x" }, emojis: ["+"] } }), {}],
  ["a correction", false, said({ replaces: "x" }), {}],
  ["what was read elsewhere", false, said(), { readTo: 5 as Position }],
  ["what lies behind what was read", true, said(), { readTo: 4 as Position }],
  ["what was said long ago", false, said({ at: NOW - 13 * HOUR_MS }), {}],
  ["a conversation that is muted", false, said(), { choices: { muted: NOW + 1 } }],
  ["one that was, until now", true, said(), { choices: { muted: NOW } }],
  ["one that is muted for good", false, said(), { choices: { muted: "always" } }],
  ["one that tells nothing", false, said(), { choices: { notify: "nothing" } }],
  ["a stranger, where anybody may write", true, said(), STRANGER],
  ["a stranger, where contacts may", false, said(), { ...STRANGER, settings: { writesFirst: "contacts" } }],
  [
    "one of them who was let in",
    true,
    said(),
    { ...STRANGER, settings: { writesFirst: "contacts" }, choices: { letIn: true } },
  ],
  [
    "one of them who was written to",
    true,
    said(),
    { ...STRANGER, settings: { writesFirst: "contacts" }, writtenTo: true },
  ],
  ["somebody who was declined", false, said(), { contact: { subscription: "none", asked: false, declined: true } }],
  ["somebody who is kept away", false, said(), { contact: { subscription: "both", asked: false, blocked: true } }],
  ["a room", true, said(), ROOM],
  ["a room that tells of mentions alone: none", false, said(), { ...ROOM, choices: { notify: "mentions" } }],
  ["a mention in it", true, said({ content: clear("alice: look") }), { ...ROOM, choices: { notify: "mentions" } }],
  ["an answer to us in it", true, said({ reply: { id: "x", to: ME } }), { ...ROOM, choices: { notify: "mentions" } }],
  ["a whisper in it", true, said({ whisper: "Bob" }), { ...ROOM, choices: { notify: "mentions" } }],
  ["what a room says of itself", false, said({ content: { kind: "room", what: { kind: "subject" } as never } }), ROOM],
];

for (const [name, expected, entry, more] of ROWS)
  test(`${expected ? "rung for" : "not rung for"}: ${name}`, () => assert.equal(rings(entry, about(more)), expected));

const asks = (more: object = {}): Entry => ({
  ...{
    id: "e" as EntryId,
    seq: 5 as Seq,
    kind: "contact",
    jid: BOB,
    subscription: "none",
    asked: false,
    request: true,
  },
  ...more,
});

test("somebody who asks to become a contact rings, where anybody may", () => {
  assert.equal(rings(asks(), about(STRANGER)), true);
  assert.equal(rings(asks(), about({ ...STRANGER, settings: { writesFirst: "contacts" } })), false);
  assert.equal(rings(asks({ request: false }), about(STRANGER)), false);
  assert.equal(rings(asks({ declined: true }), about(STRANGER)), false);
  assert.equal(rings(asks({ blocked: true }), about(STRANGER)), false);
});

const DECLINED: Partial<About> = { contact: { subscription: "none", asked: false, declined: true } };
const CONTACTS_ONLY: Partial<About> = { ...STRANGER, settings: { writesFirst: "contacts" } };
const MUTED: Partial<About> = { choices: { muted: "always" } };
for (const [situation, by, room, expected] of [
  ["a contact", {}, STRANGER, true],
  ["a stranger, where anybody may write", STRANGER, STRANGER, true],
  ["a stranger, where contacts may", CONTACTS_ONLY, CONTACTS_ONLY, false],
  ["somebody who was declined", DECLINED, STRANGER, false],
  ["somebody who is muted", MUTED, STRANGER, false],
  ["a contact, into a room that is muted", {}, { ...STRANGER, ...MUTED }, false],
] as const)
  test(`${situation} asks into a room: ${expected ? "rung for" : "not rung for"}`, () =>
    assert.equal(ringsInvited(about(by), about(room)), expected));
