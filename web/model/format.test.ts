import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, dayHeader, dayNumber, fingerprintGroups, rowTime, seen } from "./format.ts";

const berlin = { locale: "en-GB", timeZone: "Europe/Berlin" };
const now = Date.parse("2026-11-23T14:32:00+01:00");

test("a message of today shows its time, of this week its weekday, older ones the date", () => {
  assert.equal(rowTime(Date.parse("2026-11-23T00:01:00+01:00"), now, berlin), "00:01");
  assert.equal(rowTime(Date.parse("2026-11-22T23:59:00+01:00"), now, berlin), "Yesterday");
  assert.equal(rowTime(Date.parse("2026-11-19T12:00:00+01:00"), now, berlin), "Thu");
  assert.equal(rowTime(Date.parse("2026-03-02T12:00:00+01:00"), now, berlin), "2 Mar");
  assert.equal(rowTime(Date.parse("2025-03-02T12:00:00+01:00"), now, berlin), "2 Mar 2025");
});

test("days are counted where the reader is, also across a change to winter time", () => {
  assert.equal(
    dayNumber(Date.parse("2026-10-26T00:30:00+01:00"), berlin) -
      dayNumber(Date.parse("2026-10-25T00:30:00+02:00"), berlin),
    1,
  );
  const lateInBerlin = Date.parse("2026-11-22T23:30:00Z");
  assert.equal(dayHeader(lateInBerlin, now, berlin), "Today");
  assert.equal(dayHeader(lateInBerlin, now, { locale: "en-GB", timeZone: "UTC" }), "Yesterday");
});

test("a message from a clock that runs ahead shows a time, not a nonsense day", () => {
  assert.equal(rowTime(now + 86_400_000, now, berlin), clock(now + 86_400_000, berlin));
});

test("last seen reads as part of a sentence", () => {
  assert.equal(seen(now - 5_000, now, berlin), "just now");
  assert.equal(seen(now - 3_600_000, now, berlin), "today, 13:32");
});

test("a fingerprint is eight groups of eight digits", () => {
  const groups = fingerprintGroups("0123456789abcdef".repeat(4));
  assert.deepEqual([groups.length, groups[0], groups[7]], [8, "01234567", "89abcdef"]);
});
