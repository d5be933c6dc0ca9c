import assert from "node:assert/strict";
import { test } from "node:test";
import parse from "@xmpp/xml/lib/parse.js";
import { parseStanzaLimit, saysTooLarge } from "./stream-limits.ts";

const features = (limits: string) =>
  parse(
    `<stream:features xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client'>${limits}</stream:features>`,
  );
const LIMITS = "<limits xmlns='urn:xmpp:stream-limits:0'>";

test("M1: the largest stanza that a server takes, as its features say", () => {
  assert.equal(
    parseStanzaLimit(features(`${LIMITS}<max-bytes>65536</max-bytes><idle-seconds>60</idle-seconds></limits>`)),
    65_536,
  );
  assert.equal(parseStanzaLimit(features(`${LIMITS}<max-bytes>1</max-bytes></limits>`)), 10_000);
  for (const limits of [
    "",
    `${LIMITS}</limits>`,
    `${LIMITS}<max-bytes>-1</max-bytes></limits>`,
    "<limits><max-bytes>65536</max-bytes></limits>",
  ]) {
    assert.equal(parseStanzaLimit(features(limits)), undefined, limits);
  }
});

const CONDITION = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'";
const error = (children: string) =>
  parse(`<stream:error xmlns:stream='http://etherx.jabber.org/streams'>${children}</stream:error>`);

for (const [what, text, expected] of [
  ["Prosody", `<policy-violation ${CONDITION}/><text ${CONDITION}>XML stanza is too big</text>`, true],
  ["Prosody over a WebSocket", `<policy-violation ${CONDITION}/><text ${CONDITION}>stanza too large</text>`, true],
  ["the specification", `<policy-violation ${CONDITION}/><stanza-too-big xmlns='urn:xmpp:errors'/>`, true],
  [
    "another policy",
    `<policy-violation ${CONDITION}/><text ${CONDITION}>Too many (1001) unacked stanzas</text>`,
    false,
  ],
  ["no policy", `<system-shutdown ${CONDITION}/><text ${CONDITION}>The load is too big</text>`, false],
] as const) {
  test(`M1: whether a stanza was too large, in the words of ${what}`, () => {
    assert.equal(saysTooLarge(error(text)), expected);
  });
}
