import assert from "node:assert/strict";
import { test } from "node:test";
import { backOff, GRACE_MS, HEARTBEAT_MS, type Plan, plan, SILENCE_MS, type Situation } from "./plan.ts";

const NOW = 1_000_000_000;
const live = { state: "live", lastByteAt: NOW } as const;
const idle = { state: "idle" } as const;
/** Somebody looks at the one browser that is there. */
const ORDINARY = {
  now: NOW,
  attached: 1,
  leftAt: undefined,
  unwatched: undefined,
  rested: false,
  stayOnline: false,
  unlocked: true,
} as const;

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
    { act: "ask-unlock", alarmAt: NOW + HEARTBEAT_MS },
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
  [
    "D11: whoever had not looked for long and is gone now does not come back in a moment",
    { link: idle, attached: 0, leftAt: NOW, rested: true },
    { act: "nothing", alarmAt: undefined },
  ],
  ["stopped until somebody signs in", { link: { state: "off" } }, { act: "nothing", alarmAt: undefined }],
];

for (const [when, situation, then] of table) {
  test(`plan: ${when}`, () => {
    assert.deepEqual(plan({ ...ORDINARY, link: live, ...situation }), then);
  });
}

/** Every state of the link in every situation, in words: what is done, and when it is looked at again. */
const LINKS = {
  off: { state: "off" },
  idle,
  opening: { state: "opening" },
  live,
  silent: { state: "live", lastByteAt: NOW - SILENCE_MS - 1 },
  "waiting long": { state: "waiting", until: NOW + 10 * HEARTBEAT_MS },
  "waiting short": { state: "waiting", until: NOW + 500 },
  "waited enough": { state: "waiting", until: NOW },
} as const satisfies Record<string, Situation["link"]>;

const WITHIN_GRACE = { attached: 0, leftAt: NOW - 1 } as const;
const ALONE = { attached: 0, leftAt: NOW - GRACE_MS } as const;
const SITUATIONS = {
  attached: {},
  "attached, locked": { unlocked: false },
  grace: WITHIN_GRACE,
  "grace, locked": { ...WITHIN_GRACE, unlocked: false },
  alone: ALONE,
  "alone, locked": { ...ALONE, unlocked: false },
  "never attached": { attached: 0 },
  "stays online, alone": { ...ALONE, stayOnline: true },
  "stays online, alone, locked": { ...ALONE, stayOnline: true, unlocked: false },
} as const satisfies Record<string, Partial<Situation>>;

const WANTED = {
  off: "nothing, never",
  idle: "open, heartbeat",
  opening: "nothing, heartbeat",
  live: "check, heartbeat",
  silent: "drop, heartbeat",
  "waiting long": "nothing, heartbeat",
  "waiting short": "nothing, 500",
  "waited enough": "open, heartbeat",
} as const;
/** Somebody is there who can be asked for the key: their answer is what goes on. */
const ASKING = {
  ...WANTED,
  idle: "ask-unlock, heartbeat",
  "waiting long": "ask-unlock, heartbeat",
  "waiting short": "ask-unlock, heartbeat",
  "waited enough": "ask-unlock, heartbeat",
} as const;
/** Nobody can be asked: whoever comes next brings the key, and until then nothing wakes. */
const HELPLESS = {
  ...WANTED,
  idle: "nothing, never",
  "waiting long": "nothing, never",
  "waiting short": "nothing, never",
  "waited enough": "nothing, never",
} as const;
/** No timers, no socket. */
const ASLEEP = {
  ...HELPLESS,
  live: "close, never",
  silent: "close, never",
} as const;

const WHAT_TO_DO: {
  readonly [S in keyof typeof SITUATIONS]: { readonly [L in keyof typeof LINKS]: string };
} = {
  attached: WANTED,
  "attached, locked": ASKING,
  grace: WANTED,
  "grace, locked": HELPLESS,
  alone: ASLEEP,
  "alone, locked": ASLEEP,
  "never attached": ASLEEP,
  "stays online, alone": WANTED,
  "stays online, alone, locked": HELPLESS,
};

for (const [situation, row] of Object.entries(WHAT_TO_DO)) {
  test(`plan: ${situation}`, () => {
    for (const [link, then] of Object.entries(row)) {
      const { act, alarmAt } = plan({
        ...ORDINARY,
        ...SITUATIONS[situation as keyof typeof SITUATIONS],
        link: LINKS[link as keyof typeof LINKS],
      });
      const when = alarmAt === undefined ? "never" : alarmAt === NOW + HEARTBEAT_MS ? "heartbeat" : alarmAt - NOW;
      assert.equal(`${act}, ${when}`, then, `link ${link}`);
    }
  });
}

test("back-off doubles from half a second to five minutes and never names the same moment for all", () => {
  assert.equal(backOff(1, 0), 500);
  assert.equal(backOff(1, 1), 1_000);
  assert.equal(backOff(2, 1), 2_000);
  assert.equal(backOff(100, 1), 5 * 60_000);
  assert.equal(backOff(100, 0), 2.5 * 60_000);
});
