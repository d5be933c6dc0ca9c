import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS } from "../../worker/contract/limits.ts";
import { contentOf, ENCRYPTED, OMEMO } from "../testing/ingest.ts";

test("an encrypted message arrives with its whole header and never with its body", () => {
  assert.deepEqual(contentOf(`<body>excuse</body>${ENCRYPTED}`), { kind: "omemo", omemo: OMEMO });
  assert.deepEqual(contentOf(ENCRYPTED), { kind: "omemo", omemo: OMEMO });
});

test("what Alcove says beside an encrypted text comes with it; what is no base64, too long or beside nothing does not", () => {
  const beside = (text: string) => `<details xmlns='urn:alcove:details:0'>${text}</details>`;
  assert.deepEqual(contentOf(`${ENCRYPTED}${beside(" RF\nNU ")}`), {
    kind: "omemo",
    omemo: { ...OMEMO, details: "RFNU" },
  });
  for (const other of ["", "!", "A".repeat(LIMITS.detailsLength + 4)])
    assert.deepEqual(contentOf(`${ENCRYPTED}${beside(other)}`), { kind: "omemo", omemo: OMEMO }, other.slice(0, 9));
  const { payload: _none, ...transport } = OMEMO;
  const bare = ENCRYPTED.replace(/<payload>.*<\/payload>/, "");
  assert.deepEqual(contentOf(`${bare}${beside("RFNU")}`), { kind: "omemo", omemo: transport });
  assert.deepEqual(contentOf(`<body>in clear</body>${beside("RFNU")}`), { kind: "clear", text: "in clear" });
});

test("what shows nothing is no message", () => {
  for (const inside of [
    "",
    "<body/>",
    "<active xmlns='http://jabber.org/protocol/chatstates'/>",
    "<subject>s</subject>",
  ]) {
    assert.equal(contentOf(inside), undefined, inside);
  }
  assert.equal(contentOf("<body>alert</body>", "headline"), undefined);
});

test("other people's encryption is named, not shown", () => {
  const other = { kind: "unreadable", why: "other-encryption" };
  assert.deepEqual(
    contentOf("<body>excuse</body><encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/>"),
    other,
  );
  assert.deepEqual(contentOf("<body>excuse</body><openpgp xmlns='urn:xmpp:openpgp:0'>QUJD</openpgp>"), other);
  assert.deepEqual(contentOf("<body>excuse</body><x xmlns='jabber:x:encrypted'>QUJD</x>"), other);
  assert.deepEqual(
    contentOf("<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'/><payload>QUJD</payload></encrypted>"),
    other,
  );
});

test("OMEMO of both versions in one message is read by the one we know", () => {
  assert.equal(
    contentOf(`<encrypted xmlns='urn:xmpp:omemo:2'><payload>QUJD</payload></encrypted>${ENCRYPTED}`)?.kind,
    "omemo",
  );
});

test("typing and key transports under other encryptions make no line", () => {
  assert.equal(contentOf("<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'/></encrypted>"), undefined);
  assert.equal(
    contentOf(
      "<encrypted xmlns='urn:xmpp:omemo:2'><payload>QUJD</payload></encrypted><no-store xmlns='urn:xmpp:hints'/>",
    ),
    undefined,
  );
});

test("a text of any length is cut at the limit, never inside a character", () => {
  const long = contentOf(`<body>${"🙂".repeat(LIMITS.textLength)}</body>`);
  assert.ok(
    long?.kind === "clear" &&
      long.text.length <= LIMITS.textLength &&
      !/\p{Cs}/u.test(long.text) &&
      long.text.endsWith("…"),
  );
});

test("T39: a body beside something encrypted is never content", () => {
  const body = "<body>click here</body>";
  const unreadable = { kind: "unreadable", why: "malformed" };
  const legacy = (inside: string) => `<encrypted xmlns='eu.siacs.conversations.axolotl'>${inside}</encrypted>`;
  assert.deepEqual(contentOf(body + legacy("")), unreadable);
  assert.deepEqual(contentOf(body + legacy("<header sid='0'/>")), unreadable);
  assert.deepEqual(contentOf(body + ENCRYPTED + ENCRYPTED), unreadable);
  assert.deepEqual(
    contentOf(`${body}<encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl'/>`),
    unreadable,
  );
  assert.deepEqual(contentOf(legacy("<header sid='1'/><payload>QUJD</payload>")), unreadable);
  assert.equal(contentOf(legacy("")), undefined);
});
