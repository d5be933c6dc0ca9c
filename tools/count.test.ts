import assert from "node:assert/strict";
import { test } from "node:test";
import { addCounts, countChecks, countLine, exitCode, NOTHING } from "./count.ts";

test("the count names skipped tests only where there are any", () => {
  assert.equal(countLine({ passed: 3, failed: 0, skipped: 0 }), "3 passed, 0 failed");
  assert.equal(countLine({ passed: 3, failed: 1, skipped: 2 }), "3 passed, 1 failed, 2 skipped");
});

test("one failed check fails the whole run", () => {
  const checks = countChecks([
    ["types of web", true],
    ["biome", false],
  ]);
  assert.deepEqual(checks, { passed: 1, failed: 1, skipped: 0 });
  assert.equal(exitCode(addCounts(checks, { passed: 50, failed: 0, skipped: 0 })), 1);
});

test("a run without a single test is no success", () => {
  assert.equal(exitCode(NOTHING), 1);
  assert.equal(exitCode({ passed: 1, failed: 0, skipped: 4 }), 0);
});
