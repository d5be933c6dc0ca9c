import assert from "node:assert/strict";
import { test } from "node:test";
import { backOff, GRACE_MS, HEARTBEAT_MS, type Plan, plan, SILENCE_MS, type Situation } from "./plan.ts";

const NOW = 1_000_000_000;
const live = { state: "live", lastByteAt: NOW } as const;
const idle = { state: "idle" } as const;

type Row = readonly [when: string, situation: Partial<Situation>, then: Plan];

const table: readonly Row[] = [
  ["a browser is there and nothing runs", { link: idle }, { act: "open", alarmAt: NOW + HEARTBEAT_MS }],
  ["a browser is there and the link is live", { link: live }, { act: "check", alarmAt: NOW + HEARTBEAT_MS }],
  [
    "the server is silent, but not for long",
    { link: { state: "live", lastByteAt: NOW - SILENCE_MS } },
    { act: "check", alarmAt: NOW + HEARTBEAT_MS },
  ],
  [
    "the server has been silent too long",
    { link: { state: "live", lastByteAt: NOW - SILENCE_MS - 1 } },
    { act: "drop", alarmAt: NOW + HEARTBEAT_MS },
  ],
  ["opening takes its time", { link: { state: "opening" } }, { act: "nothing", alarmAt: NOW + HEARTBEAT_MS }],
  [
    "a short wait ends with an alarm",
    { link: { state: "waiting", until: NOW + 500 } },
    { act: "nothing", alarmAt: NOW + 500 },
  ],
  [
    "a long wait keeps the heartbeat",
    { link: { state: "waiting", until: NOW + 10 * HEARTBEAT_MS } },
    { act: "nothing", alarmAt: NOW + HEARTBEAT_MS },
  ],
  ["the wait is over", { link: { state: "waiting", until: NOW } }, { act: "open", alarmAt: NOW + HEARTBEAT_MS }],
  [
    "woken without the key, a browser is asked",
    { link: idle, unlocked: false },
    { act: "ask-unlock", alarmAt: undefined },
  ],
  [
    "woken without the key and alone: no alarm loop",
    { link: idle, unlocked: false, attached: 0, leftAt: NOW },
    { act: "nothing", alarmAt: undefined },
  ],
  [
    "the last browser has just left",
    { link: live, attached: 0, leftAt: NOW - 1 },
    { act: "check", alarmAt: NOW + HEARTBEAT_MS },
  ],
  ["the grace is over", { link: live, attached: 0, leftAt: NOW - GRACE_MS }, { act: "close", alarmAt: undefined }],
  [
    "a sign-in is under way and its browser has still to come",
    { link: { state: "opening" }, attached: 0 },
    { act: "nothing", alarmAt: NOW + HEARTBEAT_MS },
  ],
  ["asleep", { link: idle, attached: 0, leftAt: NOW - GRACE_MS }, { act: "nothing", alarmAt: undefined }],
  ["stopped until somebody signs in", { link: { state: "off" } }, { act: "nothing", alarmAt: undefined }],
];

for (const [when, situation, then] of table) {
  test(`plan: ${when}`, () => {
    assert.deepEqual(
      plan({ now: NOW, link: live, attached: 1, leftAt: undefined, unlocked: true, ...situation }),
      then,
    );
  });
}

test("back-off doubles from half a second to five minutes and never names the same moment for all", () => {
  assert.equal(backOff(1, 0), 500);
  assert.equal(backOff(1, 1), 1_000);
  assert.equal(backOff(2, 1), 2_000);
  assert.equal(backOff(100, 1), 5 * 60_000);
  assert.equal(backOff(100, 0), 2.5 * 60_000);
});
