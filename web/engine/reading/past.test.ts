import assert from "node:assert/strict";
import { test } from "node:test";
import { isFromBefore } from "./past.ts";

test("what was written before this browser came is history, what was written since is news", () => {
  const arrival = { createdAt: 5_500, firstSeen: 5_500 };
  assert.equal(isFromBefore(4_500, arrival), true);
  assert.equal(isFromBefore(5_500, arrival), false);
  assert.equal(isFromBefore(4_500, { createdAt: 5_500, firstSeen: undefined }), true);
});

test("a stamp without fractions makes nothing older than it is", () => {
  assert.equal(isFromBefore(5_000, { createdAt: 5_900, firstSeen: 5_900 }), false);
});

test("a browser whose clock runs ahead silences nothing, nor does an object that saw it late", () => {
  assert.equal(isFromBefore(5_500, { createdAt: 9_000, firstSeen: 5_000 }), false);
  assert.equal(isFromBefore(5_500, { createdAt: 5_000, firstSeen: 9_000 }), false);
});
