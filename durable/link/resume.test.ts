import assert from "node:assert/strict";
import { test } from "node:test";
import { xml, type Element } from "@xmpp/xml";
import { NS_MANAGEMENT } from "./namespaces.ts";
import { buildResume, readResumption, type SavedStream } from "./resume.ts";

const SAVED: SavedStream = {
  id: "s1",
  full: "me@a.org/alcove",
  endpoint: "tls://a.org:5223",
  resumableMs: 600_000,
  inbound: 7,
  acknowledged: 3,
  unacked: [{ id: "four" }, { stanza: "<presence/>" }, { id: "six", stanza: "<message id='six'/>" }],
};

const nonza = (name: string, attrs: Record<string, string> = {}): Element =>
  xml(name, { xmlns: NS_MANAGEMENT, ...attrs });

test("we ask to go on with the stream by its name and say how much is stored", () => {
  const { name, attrs } = buildResume({ id: "s1", inbound: 2 ** 32 + 5 });
  assert.deepEqual({ name, ...attrs }, { name: "resume", xmlns: NS_MANAGEMENT, previd: "s1", h: "5" });
});

test("what the server has is settled, the rest is to be written again", () => {
  const resumption = readResumption(nonza("resumed", { previd: "s1", h: "5" }), SAVED);
  assert.ok(resumption?.kind === "resumed");
  assert.equal(resumption.acknowledged, 5);
  assert.deepEqual(resumption.settled, SAVED.unacked.slice(0, 2));
  assert.deepEqual(resumption.rest, SAVED.unacked.slice(2));
});

test("a server that has let go of it may still say what it received", () => {
  assert.deepEqual(readResumption(nonza("failed", { h: "4" }), SAVED), { kind: "gone", settled: [{ id: "four" }] });
  assert.deepEqual(readResumption(nonza("failed"), SAVED), { kind: "gone", settled: [] });
  assert.deepEqual(readResumption(nonza("failed", { h: "99" }), SAVED), { kind: "gone", settled: [] });
});

test("another stream's name, a count above what was sent, below what was said, or none is a lie", () => {
  for (const attrs of [
    { previd: "s2", h: "5" },
    { previd: "s1", h: "7" },
    { previd: "s1", h: "2" },
    { previd: "s1", h: "" },
  ]) {
    assert.deepEqual(readResumption(nonza("resumed", attrs), SAVED), { kind: "lied" });
  }
});

test("anything else is no answer", () => {
  assert.equal(readResumption(nonza("a", { h: "5" }), SAVED), undefined);
  assert.equal(readResumption(xml("resumed", { xmlns: "urn:example" }), SAVED), undefined);
});
