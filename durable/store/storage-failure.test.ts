import assert from "node:assert/strict";
import { test } from "node:test";
import { isStorageFailure } from "./storage-failure.ts";

// D5: the platform's refusal when the day's rows are spent is no stanza's fault.
for (const [error, failed] of [
  [new Error("database or disk is full: SQLITE_FULL"), true],
  [new Error("disk I/O error: SQLITE_IOERR"), true],
  [new Error("database disk image is malformed: SQLITE_CORRUPT"), true],
  [new Error("Exceeded allowed rows written in Durable Objects free tier."), true],
  [new Error("string or blob too big: SQLITE_TOOBIG"), false],
  [new Error("UNIQUE constraint failed: entries.id: SQLITE_CONSTRAINT"), false],
  [new TypeError("Cannot read properties of undefined"), false],
  ["thrown text", false],
] as const) {
  test(`${String(error)}: ${failed ? "ends the stream" : "is stepped over"}`, () => {
    assert.equal(isStorageFailure(error), failed);
  });
}
