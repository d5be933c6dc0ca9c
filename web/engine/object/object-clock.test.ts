import assert from "node:assert/strict";
import { test } from "node:test";
import { aheadMs, learnObjectTime } from "./object-clock.ts";

const HOUR_MS = 3_600_000;

test("a computer that is an hour ahead knows it, and what is no time teaches nothing", () => {
  const now = Date.now();
  learnObjectTime(now - HOUR_MS, now);
  assert.equal(aheadMs(), -HOUR_MS);
  for (const none of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) learnObjectTime(none, now);
  assert.equal(aheadMs(), -HOUR_MS);
});

test("an answer that was read long after it was given says nothing against the clock", () => {
  const now = Date.now();
  learnObjectTime(now - HOUR_MS, now - 2 * HOUR_MS);
  assert.equal(aheadMs(), 0);
});
