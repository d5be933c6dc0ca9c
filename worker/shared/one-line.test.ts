import assert from "node:assert/strict";
import { test } from "node:test";
import { oneLine } from "./one-line.ts";

test("a stranger's text stands on one line, without what turns, hides or heaps", () => {
  const rows: readonly [string, string][] = [
    [" two\n lines\u202e ", "two lines"],
    ["a\u0000b\u200bc\u2066d\u00ade", "a bcde"],
    ["👩‍💻 and ❤️", "👩‍💻 and ❤️"],
    ["صفحة الأخبار", "صفحة الأخبار"],
    ["\u200b\u3164", ""],
    ["\u0301\u0301", ""],
    ["x".repeat(300), `${"x".repeat(11)}…`],
    ["👍".repeat(300), `${"👍".repeat(11)}…`],
    ["a\ud800b", "a b"],
  ];
  for (const [given, shown] of rows) assert.equal(oneLine(given, 12), shown, JSON.stringify(given));
});

test("one of nine megabytes is cut without being read again for each of its letters: that would not end", () => {
  for (const one of ["a", "\u0316", "\u202e", " ", "👍"])
    assert.ok(oneLine(one.repeat(4_500_000), 200).length <= 400, JSON.stringify(one));
});
