import assert from "node:assert/strict";
import { test } from "node:test";
import { GRACE_MS, HEARTBEAT_MS, plan, SILENCE_MS, type Situation } from "./plan.ts";
import { RESTING, type Unwatched } from "./resting.ts";

const NOW = 1_000_000_000;
const { afterMs, everyMs, lookMs } = RESTING;
const EJABBERD_MS = 300_000;
const live = { state: "live", lastByteAt: NOW } as const;
const idle = { state: "idle" } as const;

/** A page that was hidden just long enough, over a stream that stands and of which everything is read. */
const LONG: Unwatched = {
  since: NOW - afterMs,
  restedAt: undefined,
  resumableMs: EJABBERD_MS,
  readyAt: NOW - afterMs,
  quiet: true,
  returns: true,
};
/** The look that was due. */
const LOOKING: Unwatched = { ...LONG, restedAt: NOW - everyMs, readyAt: undefined };

type Row = readonly [when: string, situation: Partial<Situation>, act: string, alarmInMs: number | undefined];

const table: readonly Row[] = [
  ["somebody looks", { unwatched: undefined }, "check", HEARTBEAT_MS],
  ["hidden, but not for long", { unwatched: { ...LONG, since: NOW - afterMs + 1 } }, "check", HEARTBEAT_MS],
  ["hidden for long: the stream is let go", {}, "rest", everyMs],
  ["to stay online was chosen", { stayOnline: true }, "check", HEARTBEAT_MS],
  ["a stream that cannot be resumed", { unwatched: { ...LONG, resumableMs: undefined } }, "check", HEARTBEAT_MS],
  ["a server that keeps it for a minute", { unwatched: { ...LONG, resumableMs: 60_000 } }, "check", HEARTBEAT_MS],
  ["a server that keeps it for two", { unwatched: { ...LONG, resumableMs: 120_000 } }, "rest", 96_000],
  ["what is kept does not sign in again", { unwatched: { ...LONG, returns: false } }, "check", HEARTBEAT_MS],
  ["whether it does was never tried", { unwatched: { ...LONG, returns: undefined } }, "try-keys", HEARTBEAT_MS],
  ["the archive is still read", { unwatched: { ...LONG, readyAt: undefined } }, "check", lookMs],
  ["the server is silent", { link: { state: "live", lastByteAt: NOW - SILENCE_MS - 1 } }, "drop", HEARTBEAT_MS],

  ["resting", { link: idle, unwatched: { ...LOOKING, restedAt: NOW - 1 } }, "nothing", everyMs - 1],
  [
    "resting, without the key: nobody is asked for it yet",
    { link: idle, unlocked: false, unwatched: { ...LOOKING, restedAt: NOW - 1 } },
    "nothing",
    everyMs - 1,
  ],
  ["a look is due", { link: idle, unwatched: LOOKING }, "open", HEARTBEAT_MS],
  ["a look is due, without the key", { link: idle, unlocked: false, unwatched: LOOKING }, "ask-unlock", HEARTBEAT_MS],
  ["something wants to be sent", { link: idle, unwatched: { ...LOOKING, restedAt: 0 } }, "open", HEARTBEAT_MS],
  ["the clock was set back", { link: idle, unwatched: { ...LOOKING, restedAt: NOW + 9 } }, "open", HEARTBEAT_MS],
  ["somebody looks again", { link: idle, unwatched: undefined, rested: true }, "open", HEARTBEAT_MS],
  [
    "the look has found no server: it sleeps until the next try",
    { link: { state: "waiting", until: NOW + 90_000 }, unwatched: LOOKING },
    "nothing",
    90_000,
  ],
  [
    "no server before the next look is due",
    { link: { state: "waiting", until: NOW + 1 }, unwatched: { ...LOOKING, restedAt: NOW } },
    "nothing",
    everyMs,
  ],

  ["looking, everything read just now", { unwatched: { ...LOOKING, readyAt: NOW } }, "check", lookMs],
  ["looking, for long enough", { unwatched: { ...LOOKING, readyAt: NOW - lookMs } }, "rest", everyMs],
  [
    "looking, and something is on its way",
    { unwatched: { ...LOOKING, readyAt: NOW - lookMs, quiet: false } },
    "check",
    lookMs,
  ],
  [
    "looking, and something is never answered",
    { unwatched: { ...LOOKING, readyAt: NOW - 60_000, quiet: false } },
    "rest",
    everyMs,
  ],
  ["the last browser goes while it looks", { attached: 0, unwatched: undefined, rested: true }, "close", undefined],
];

for (const [when, situation, act, alarmInMs] of table) {
  test(`D11: ${when}`, () => {
    const planned = plan({
      now: NOW,
      link: live,
      attached: 1,
      leftAt: situation.attached === 0 ? NOW - GRACE_MS / 2 : undefined,
      unwatched: LONG,
      rested: (situation.unwatched ?? LONG).restedAt !== undefined,
      stayOnline: false,
      unlocked: true,
      ...situation,
    });
    assert.deepEqual(planned, { act, alarmAt: alarmInMs === undefined ? undefined : NOW + alarmInMs });
  });
}
