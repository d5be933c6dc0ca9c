import assert from "node:assert/strict";
import { test } from "node:test";
import { enableCarbons, isCarbon, parseCarbon } from "./carbons.ts";
import { line, stanza } from "../testing/stanza.ts";
import { BOB, carbon, FROM_BOB, ME } from "../testing/ingest.ts";

test("carbons are asked for once", () => {
  assert.equal(enableCarbons().toString(), line("<iq type='set'><enable xmlns='urn:xmpp:carbons:2'/></iq>"));
});

test("a carbon gives up what it holds, and which way it went", () => {
  const copy = parseCarbon(stanza(carbon("received", FROM_BOB)), ME);
  assert.equal(copy?.direction, "received");
  assert.equal(copy?.message.toString(), line(FROM_BOB));
});

test("T01: somebody else's is recognised as posing, and not opened", () => {
  const forged = stanza(carbon("received", FROM_BOB, `from='${BOB}'`));
  assert.ok(isCarbon(forged));
  assert.equal(parseCarbon(forged, ME), undefined);
});

test("T04: a group message is never a carbon", () => {
  assert.equal(parseCarbon(stanza(carbon("received", FROM_BOB.replace("'chat'", "'groupchat'"))), ME), undefined);
});
