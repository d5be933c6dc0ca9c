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
