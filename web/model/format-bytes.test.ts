import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesText } from "./format.ts";

test("bytes are said in the unit that people know them by", () => {
  const said = [0, 999, 12_000, 1_500_000, 15_400_000, 2_000_000_000].map((bytes) => bytesText(bytes, "en"));
  assert.deepEqual(said, ["0 kB", "1 kB", "12 kB", "1.5 MB", "15 MB", "2 GB"]);
});
