import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, ClientId } from "../../worker/contract/names.ts";
import { stanza } from "../testing/stanza.ts";
import { buildReferences, parseReferences } from "./references.ts";

const of = (children: string) =>
  parseReferences(stanza(`<message xmlns='jabber:client' id='m2'>${children}</message>`));

test("a correction names the message that it takes the place of", () => {
  assert.deepEqual(of("<replace xmlns='urn:xmpp:message-correct:0' id='m1'/>"), { replaces: "m1" });
});

test("T18: a correction of itself, two at once, an oversized or foreign one corrects nothing", () => {
  const replace = (id: string) => `<replace xmlns='urn:xmpp:message-correct:0' id='${id}'/>`;
  assert.deepEqual(of(replace("m2")), {});
  assert.deepEqual(of(replace("m0") + replace("m1")), {});
  assert.deepEqual(of(replace("x".repeat(257))), {});
  assert.deepEqual(of("<replace xmlns='urn:example:other' id='m1'/>"), {});
});

test("a reply names what it answers, whose that is, and which stretch of the text only repeats it", () => {
  const reply = "<reply xmlns='urn:xmpp:reply:0' id='m1' to='bob@b.example/phone'/>";
  const fallback = (range: string, what = "urn:xmpp:reply:0") =>
    `<fallback xmlns='urn:xmpp:fallback:0' for='${what}'><body ${range}/></fallback>`;
  assert.deepEqual(of(reply + fallback("start='0' end='9'")), {
    reply: { id: "m1", to: "bob@b.example", quote: { start: 0, end: 9 } },
  });
  const bare = { reply: { id: "m1", to: "bob@b.example" } };
  assert.deepEqual(of(reply), bare);
  assert.deepEqual(of(reply + fallback("start='0' end='9'", "urn:xmpp:sfs:0")), bare);
  for (const range of ["", "start='9' end='0'", "start='-1' end='4'", "start='0' end='1e9'"])
    assert.deepEqual(of(reply + fallback(range)), bare, range);
});

test("what is built is read back as it was", () => {
  const references = {
    replaces: "0a1b" as ClientId,
    reply: { id: "m1", to: "bob@b.example" as BareJid, quote: { start: 0, end: 4 } },
  };
  assert.deepEqual(of(buildReferences(references).join("")), references);
});
