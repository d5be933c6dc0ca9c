// Failures of Movim (0.33) in reading stanzas: each is named, and what happens here instead. The others are played
// through with the engine, in web/engine/policy/.

import assert from "node:assert/strict";
import { test } from "node:test";
import { contentOf, ENCRYPTED, OMEMO, receive, archived } from "../testing/ingest.ts";

const SAYS_OMEMO =
  "<encryption xmlns='urn:xmpp:eme:0' name='OMEMO' namespace='eu.siacs.conversations.axolotl'/><body>excuse</body>";

test("Movim 12: a message that only says that it is encrypted is shown as encrypted", () => {
  assert.deepEqual(contentOf(SAYS_OMEMO), { kind: "unreadable", why: "malformed" });
});

test("Movim 13, JSXC: an encrypted message from the archive is dropped", () => {
  const inner = `<message xmlns='jabber:client' from='bob@b.example/x' to='me@a.example' type='chat'>${ENCRYPTED}</message>`;
  const [event] = receive(archived(inner));
  assert.deepEqual(event?.kind === "message" && event.content, { kind: "omemo", omemo: OMEMO });
});

test("Movim 14: an encrypted message without a body or without a word about its encryption is dropped, or its excuse is shown", () => {
  const expected = { kind: "omemo", omemo: OMEMO };
  assert.deepEqual(contentOf(ENCRYPTED), expected);
  assert.deepEqual(contentOf(`<body>excuse</body>${ENCRYPTED}`), expected);
  assert.deepEqual(contentOf(`${SAYS_OMEMO}${ENCRYPTED}`), expected);
});

test('Movim 27: prekey="false" is read as true', () => {
  const content = contentOf(ENCRYPTED.replace("<key rid='9'>", "<key rid='9' prekey='false'>"));
  assert.deepEqual(content, { kind: "omemo", omemo: OMEMO });
  assert.equal(OMEMO.keys[0]?.prekey, false);
});
