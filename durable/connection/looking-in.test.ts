import assert from "node:assert/strict";
import { test } from "node:test";
import { dueAt, LOOKING_IN, lookOf, type LookingIn, untilNextLook } from "./looking-in.ts";
import { GRACE_MS, HEARTBEAT_MS, plan, SILENCE_MS, type Situation } from "./plan.ts";

const NOW = 1_000_000_000;
const { everyMs, seldomMs, lookMs } = LOOKING_IN;
const live = { state: "live", lastByteAt: NOW } as const;
const idle = { state: "idle" } as const;

/** It has looked in a quarter of an hour ago, and everything that it finds now is read. */
const LOOKING: LookingIn = {
  last: { at: NOW - everyMs, empty: 0, position: 7 },
  position: 7,
  readyAt: NOW - lookMs,
  quiet: true,
};
const ASLEEP: Situation = {
  now: NOW,
  link: idle,
  attached: 0,
  leftAt: NOW - GRACE_MS,
  unwatched: undefined,
  rested: false,
  stayOnline: false,
  looking: LOOKING,
  unlocked: true,
};

type Row = readonly [when: string, situation: Partial<Situation>, act: string, alarmInMs: number | undefined];

const table: readonly Row[] = [
  ["the last browser has just left: the grace runs", { link: live, leftAt: NOW - 1 }, "check", HEARTBEAT_MS],
  ["nobody is to be rung", { looking: undefined }, "nothing", undefined],
  ["a look is due", {}, "open", HEARTBEAT_MS],
  [
    "it is not due yet",
    { looking: { ...LOOKING, last: { at: NOW - 1, empty: 0, position: 7 } } },
    "nothing",
    everyMs - 1,
  ],
  ["it has never looked in", { looking: { ...LOOKING, last: undefined } }, "open", HEARTBEAT_MS],
  [
    "the clock was set back",
    { looking: { ...LOOKING, last: { at: NOW + 9, empty: 0, position: 7 } } },
    "open",
    HEARTBEAT_MS,
  ],
  [
    "its server pushes: it looks by itself seldom",
    { looking: { ...LOOKING, pushed: true } },
    "nothing",
    seldomMs - everyMs,
  ],
  ["its server has pushed", { looking: { ...LOOKING, pushed: true, woken: NOW } }, "open", HEARTBEAT_MS],
  [
    "it has looked since its server has pushed",
    { looking: { ...LOOKING, pushed: true, woken: NOW - everyMs - 1 } },
    "nothing",
    seldomMs - everyMs,
  ],
  ["its server pushes, and the look is over", { link: live, looking: { ...LOOKING, pushed: true } }, "close", seldomMs],
  ["without the key there is no looking in, and no alarm for nothing", { unlocked: false }, "nothing", undefined],
  ["it opens", { link: { state: "opening" } }, "nothing", HEARTBEAT_MS],
  ["the archive is still read", { link: live, looking: { ...LOOKING, readyAt: undefined } }, "check", lookMs],
  ["everything is read, a moment ago", { link: live, looking: { ...LOOKING, readyAt: NOW } }, "check", lookMs],
  ["a ring is on its way", { link: live, looking: { ...LOOKING, quiet: false } }, "check", lookMs],
  [
    "and has been for long",
    { link: live, looking: { ...LOOKING, quiet: false, readyAt: NOW - 60_000 - lookMs } },
    "close",
    everyMs,
  ],
  ["everything is read and rung", { link: live }, "close", everyMs],
  ["the server is silent", { link: { state: "live", lastByteAt: NOW - SILENCE_MS - 1 } }, "drop", HEARTBEAT_MS],
  ["the server cannot be reached", { link: { state: "waiting", until: NOW + 1 } }, "nothing", everyMs],
  ["it is tried again with the next look", { link: { state: "waiting", until: NOW } }, "open", HEARTBEAT_MS],
  ["the password was changed: a person has to come", { link: { state: "off" } }, "nothing", undefined],
  ["staying online was chosen", { link: live, stayOnline: true, looking: undefined }, "check", HEARTBEAT_MS],
  ["somebody is here", { link: live, attached: 1, leftAt: undefined, looking: undefined }, "check", HEARTBEAT_MS],
];

for (const [when, situation, act, alarmInMs] of table)
  test(`looking in: ${when}`, () => {
    assert.deepEqual(plan({ ...ASLEEP, ...situation }), {
      act,
      alarmAt: alarmInMs === undefined ? undefined : NOW + alarmInMs,
    });
  });

test("every quarter of an hour for two hours, then ever more seldom, down to every two hours; a message begins anew", () => {
  const waits: number[] = [];
  let looking = LOOKING;
  for (let look = 0; look < 14; look += 1) {
    const last = lookOf(looking, NOW);
    waits.push(untilNextLook(last) / 60_000);
    looking = { ...looking, last };
  }
  assert.deepEqual(waits, [15, 15, 15, 15, 15, 15, 15, 30, 60, 120, 120, 120, 120, 120]);
  assert.ok(waits.every((wait) => wait * 60_000 <= seldomMs));
  const found = lookOf({ ...looking, position: 8 }, NOW);
  assert.deepEqual([found.empty, untilNextLook(found)], [0, everyMs]);
  assert.equal(dueAt({ ...looking, last: found }, NOW + 1), NOW + everyMs);
});
