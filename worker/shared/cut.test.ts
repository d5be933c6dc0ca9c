import assert from "node:assert/strict";
import { test } from "node:test";
import { cut } from "./cut.ts";

test("a text is cut between its characters, never within one", () => {
  assert.equal(cut("ab", 5), "ab");
  assert.equal(cut("abc", 2), "ab");
  assert.equal(cut("a\u{1F600}b", 2), "a");
  assert.equal(cut("a\u{1F600}b", 3), "a\u{1F600}");
});
