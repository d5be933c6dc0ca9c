import assert from "node:assert/strict";
import { test } from "node:test";
import { isStorageFull } from "./storage-full.ts";

for (const [error, full] of [
  [new Error("database or disk is full: SQLITE_FULL"), true],
  [new Error("disk I/O error: SQLITE_IOERR"), false],
  [new Error("UNIQUE constraint failed: entries.id: SQLITE_CONSTRAINT"), false],
  ["database or disk is full", false],
] as const) {
  test(`S8: ${String(error)}: ${full ? "nothing more fits" : "something else"}`, () => {
    assert.equal(isStorageFull(error), full);
  });
}
