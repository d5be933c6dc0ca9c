import assert from "node:assert/strict";
import { test } from "node:test";
import { findTests } from "./run-tests.ts";
import { ALONE, LONGEST, schedule, WORKING } from "./schedule.ts";

test("every file runs once, those with a claim about the machine alone, what opens browsers beside what waits, the longest first", () => {
  const files = [
    ...["test/account/a.test.ts", "test/account/attended.test.ts", "test/e2e/b.test.ts", "test/kills/kills.test.ts"],
    ...["test/screens/quick.test.ts", "test/xmpp-server/z.test.ts"],
  ];
  assert.deepEqual(schedule(files), {
    alone: ["test/screens/quick.test.ts"],
    working: ["test/kills/kills.test.ts", "test/e2e/b.test.ts"],
    waiting: ["test/account/attended.test.ts", "test/account/a.test.ts", "test/xmpp-server/z.test.ts"],
  });
});

test("what is named is there", async () => {
  const files = await findTests(["test/**/*.test.ts"]);
  for (const path of [...Object.keys(ALONE), ...LONGEST]) assert.ok(files.includes(path), path);
  for (const folder of WORKING)
    assert.ok(
      files.some((path) => path.startsWith(folder)),
      folder,
    );
});
