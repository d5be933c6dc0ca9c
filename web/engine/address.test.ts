import assert from "node:assert/strict";
import { test } from "node:test";
import { typedJid } from "./address.ts";

test("an account is read from a link as from a typed address", () => {
  const given = [" Bob@Example.org ", "xmpp:bob@example.org", "XMPP:bob@example.org?message", "bob@example.org/phone"];
  for (const text of given) assert.equal(typedJid(text), "bob@example.org", text);
});

test("what names no account is refused", () => {
  for (const text of [
    "",
    "xmpp:",
    "bob",
    "bob@",
    "bob@?x",
    "@example.org",
    "https://bob@example.org",
    "a b@example.org",
  ])
    assert.equal(typedJid(text), undefined, text);
});
