import assert from "node:assert/strict";
import { test } from "node:test";
import { stanza } from "../testing/stanza.ts";
import { parseNick } from "./nick.ts";

test("what somebody calls themselves is read from their node (XEP-0172, example 8)", () => {
  assert.equal(parseNick(stanza("<nick xmlns='http://jabber.org/protocol/nick'> Ishmael </nick>")), "Ishmael");
  assert.equal(parseNick(stanza("<nick xmlns='http://jabber.org/protocol/nick'/>")), undefined);
  assert.equal(parseNick(stanza("<nick xmlns='urn:other'>Ahab</nick>")), undefined);
  assert.equal(parseNick(undefined), undefined);
});

test("half a character is no part of a name: no storage gives it back as it is", () => {
  const nick = `${"a".repeat(199)}\u{1F600}`;
  assert.equal(parseNick(stanza(`<nick xmlns='http://jabber.org/protocol/nick'>${nick}</nick>`)), "a".repeat(199));
});
