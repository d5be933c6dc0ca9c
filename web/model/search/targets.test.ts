import assert from "node:assert/strict";
import { it } from "node:test";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import { NOTHING_READ } from "../../engine/protocol/conversations.ts";
import type { ShownChat } from "../chats.ts";
import { newAddress, targetsFor } from "./targets.ts";

const chat = (jid: string, name: string, at?: number): ShownChat => ({
  ...({ jid: jid as BareJid, name, relation: "contact", available: false, encryption: "on", unread: 0 } as const),
  readTo: NOTHING_READ,
  ...(at !== undefined && { last: { key: "k", at: at as Time, outgoing: false, body: { kind: "text", text: "" } } }),
});

const CHATS = [
  chat("anna@a.example", "Anna Müller", 10),
  chat("bob@b.example", "Bob Okafor", 30),
  chat("moha@b.example", "Mohammed Annan", 20),
  chat("walks@rooms.example", "Ridge walks", 5),
  chat("quiet@c.example", "Quiet"),
];
const found = (typed: string, open?: string) =>
  targetsFor(CHATS, typed, open as BareJid | undefined)
    .map(({ jid }) => jid.split("@")[0])
    .join(" ");

it("U17: with nothing typed the newest conversations come first, without the one that is open", () => {
  assert.equal(found(""), "bob moha anna walks");
  assert.equal(found(" ", "bob@b.example"), "moha anna walks");
});

it("U17: beginnings of words come before what stands within, and of both the newest first", () => {
  assert.equal(found("ann"), "moha anna");
  assert.equal(found("an mu"), "anna");
  assert.equal(found("am"), "anna moha");
  assert.equal(found("MULLER"), "anna");
  assert.equal(found("rw"), "walks");
  assert.equal(found("alk"), "walks");
  assert.equal(found("quiet"), "quiet");
  assert.equal(found("rooms.ex"), "walks");
  assert.equal(found("bob@b.example"), "bob");
  assert.equal(found("zeppelin"), "");
});

it("U17: a whole address of somebody new is one to write to", () => {
  const known = new Map(CHATS.map((one) => [one.jid, one]));
  assert.equal(newAddress(known, " new@c.example "), "new@c.example");
  assert.equal(newAddress(known, "xmpp:new@c.example"), "xmpp:new@c.example");
  assert.equal(newAddress(known, "Bob@B.example"), undefined);
  for (const typed of ["new", "new@", "new@c.example/phone", "a b@c.example"])
    assert.equal(newAddress(known, typed), undefined, typed);
});

it("U17: a room that was left without a word is found by nothing but its whole address", () => {
  const left: ShownChat = { ...chat("tea@rooms.example", "Tea"), unlisted: true };
  assert.deepEqual(targetsFor([...CHATS, left], "tea"), []);
  const known = new Map([[left.jid, left]]);
  assert.equal(newAddress(known, left.jid), left.jid);
});
