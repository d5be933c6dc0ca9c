import assert from "node:assert/strict";
import { test } from "node:test";
import type { BrowserId, DeviceId, Time } from "../../worker/contract/names.ts";
import { DORMANT_AFTER_MS } from "../store/browsers.ts";
import { fallenDormant } from "./dormancy.ts";

const DAY_MS = 24 * 60 * 60_000;
const NOW: Time = Date.parse("2026-11-25T12:00:00Z");

/** A browser by the days since it was last here; its device has the number `device`, 0: none. */
const seen = (device: number, daysAgo: number) => ({
  id: `browser ${device}` as BrowserId,
  device: device === 0 ? undefined : (device as DeviceId),
  lastSeen: NOW - daysAgo * DAY_MS,
});

type Case = {
  readonly browsers: readonly ReturnType<typeof seen>[];
  readonly attached?: number;
  readonly dormant?: readonly number[];
  readonly leaves: readonly number[];
};

const CASES: Readonly<Record<string, Case>> = {
  "41 days are a holiday": { browsers: [seen(1, 0), seen(2, 41)], leaves: [] },
  "42 days to the minute are not yet more than that": { browsers: [seen(1, 0), seen(2, 42)], leaves: [] },
  "43 days: off the list": { browsers: [seen(1, 0), seen(2, 43)], leaves: [2] },
  "several at once, those in use stay": { browsers: [seen(1, 90), seen(2, 3), seen(3, 60)], leaves: [1, 3] },
  "a tab that has been open all the time is there": { browsers: [seen(1, 0), seen(2, 43)], attached: 2, leaves: [] },
  "one that is off already does not leave twice": { browsers: [seen(1, 0), seen(2, 43)], dormant: [2], leaves: [] },
  "one without a device has nothing to leave": { browsers: [seen(1, 0), seen(0, 400)], leaves: [] },
  "the only one stays, however long it is away": { browsers: [seen(1, 400)], leaves: [] },
  "nobody was here: nobody leaves": { browsers: [seen(1, 50), seen(2, 400)], leaves: [] },
  "those that are off already are no company": { browsers: [seen(1, 50), seen(2, 400)], dormant: [2], leaves: [] },
  "no browser at all": { browsers: [], leaves: [] },
};

for (const [name, { browsers, attached, dormant = [], leaves }] of Object.entries(CASES)) {
  test(`42 days: ${name}`, () => {
    const there = new Set(attached === undefined ? [] : [`browser ${attached}` as BrowserId]);
    assert.deepEqual(fallenDormant(browsers, there, dormant as readonly DeviceId[], NOW), leaves);
  });
}

test("the limit is the one of other clients", () => assert.equal(DORMANT_AFTER_MS, 42 * DAY_MS));
