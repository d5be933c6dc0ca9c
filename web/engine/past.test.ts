import assert from "node:assert/strict";
import { test } from "node:test";
import { isFromBefore } from "./past.ts";

test("what was written before this browser came is history, what was written since is news", () => {
  const arrival = { createdAt: 1_000, firstSeen: 1_000 };
  assert.equal(isFromBefore(999, arrival), true);
  assert.equal(isFromBefore(1_000, arrival), false);
  assert.equal(isFromBefore(999, { createdAt: 1_000, firstSeen: undefined }), true);
});

test("a browser whose clock runs ahead silences nothing, nor does an object that saw it late", () => {
  assert.equal(isFromBefore(1_500, { createdAt: 9_000, firstSeen: 1_000 }), false);
  assert.equal(isFromBefore(1_500, { createdAt: 1_000, firstSeen: 9_000 }), false);
});
