import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, fromBase64Url, knownBase64, toBase64, toBase64Url } from "./base64.ts";

test("what was written is read again, of every length", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 37) % 256);
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
    assert.equal(toBase64Url(bytes), Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(fromBase64Url(Buffer.from(bytes).toString("base64url")), bytes);
  }
});

test("more bytes than one call of fromCharCode takes", () => {
  const bytes = new Uint8Array(200_000).fill(7);
  assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
});

test("wrapped lines and missing padding are read, as they stand in stanzas", () => {
  assert.deepEqual(fromBase64(" AQ\nID\tBA "), Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(fromBase64("AQ"), Uint8Array.of(1));
});

test("what is not base64 is nothing, and never an exception", () => {
  for (const text of ["A", "AB=", "ABCDEF=", "A===", "AB=C", "====", "AQ-_", "é", "AQID!", "ABCD="])
    assert.equal(fromBase64(text), undefined, text);
});

test("a stored value that is not base64 is a bug", () => {
  assert.throws(() => knownBase64("A"), TypeError);
});
