import assert from "node:assert/strict";
import { test } from "node:test";
import { inUtc, isQuiet, minuteOfDay } from "./quiet-hours.ts";

process.env["TZ"] = "America/St_Johns";
const at = (hour: number, minute = 0) => hour * 60 + minute;
const NIGHT = { from: at(22), to: at(7) };
const NOON = { from: at(12), to: at(13, 30) };

for (const [situation, hours, minute, expected] of [
  ["before the night", NIGHT, at(21, 59), false],
  ["as it begins", NIGHT, at(22), true],
  ["after midnight", NIGHT, at(3), true],
  ["as it ends", NIGHT, at(7), false],
  ["within the day", NOON, at(13, 29), true],
  ["behind it", NOON, at(13, 30), false],
  ["before it", NOON, at(11, 59), false],
  ["from and to the same minute", { from: at(9), to: at(9) }, at(9), false],
] as const)
  test(`${situation} it is ${expected ? "quiet" : "not quiet"}`, () => assert.equal(isQuiet(hours, minute), expected));

test("hours by the clock of a device are the same moments by UTC, over midnight, in summer and in winter", () => {
  for (const day of [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)])
    for (let minute = 0; minute < 24 * 60; minute += 17) {
      const now = day + minute * 60_000;
      const local = isQuiet(NIGHT, minuteOfDay(now, "local"));
      assert.equal(isQuiet(inUtc(NIGHT, now), minuteOfDay(now, "utc")), local, new Date(now).toISOString());
    }
  assert.deepEqual(inUtc(NIGHT, Date.UTC(2026, 0, 15)), { from: at(1, 30), to: at(10, 30) });
});
