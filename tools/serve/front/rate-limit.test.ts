import assert from "node:assert/strict";
import { test } from "node:test";
import { RateLimit } from "./rate-limit.ts";

test("D12: so many of one key in a period, then none until it is over", () => {
  const limit = new RateLimit({ limit: 3, periodMs: 60_000 });
  const taken = [0, 1, 2, 3, 59_999].map((now) => limit.take("198.51.100.7", now));
  assert.deepEqual(taken, [true, true, true, false, false]);
  assert.equal(limit.take("198.51.100.8", 4), true, "another one is not meant");
  assert.equal(limit.take("198.51.100.7", 60_000), true);
});

test("ever new keys fill no memory, and the last ones stay counted", () => {
  const limit = new RateLimit({ limit: 1, periodMs: 60_000 }, 10);
  for (let n = 0; n < 1_000; n += 1) assert.equal(limit.take(`key ${n}`, n), true);
  assert.equal(limit.take("key 999", 1_000), false);
});
