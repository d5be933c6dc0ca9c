import assert from "node:assert/strict";
import { test } from "node:test";
import { findTests } from "./run-tests.ts";
import { ALONE, LONGEST, schedule } from "./schedule.ts";

test("every file runs once, those with a claim about the machine alone, the longest of the others first", () => {
  const files = ["test/a.test.ts", "test/kills/kills.test.ts", "test/screens/quick.test.ts", "test/z.test.ts"];
  assert.deepEqual(schedule(files), {
    alone: ["test/screens/quick.test.ts"],
    together: ["test/kills/kills.test.ts", "test/a.test.ts", "test/z.test.ts"],
  });
});

test("what is named is there", async () => {
  const files = await findTests(["test/**/*.test.ts"]);
  for (const path of [...Object.keys(ALONE), ...LONGEST]) assert.ok(files.includes(path), path);
});
