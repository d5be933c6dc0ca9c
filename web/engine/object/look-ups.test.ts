import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import { LOOKED_UP_AT_ONCE, LookUps } from "./look-ups.ts";

const BOB = "bob@b.example" as BareJid;
const CAROL = "carol@c.example" as BareJid;
const NOW = Date.UTC(2026, 10, 27) as Time;
const MINUTE_MS = 60_000;

/** How many of `tries` are granted at one moment. */
function granted(lookUps: LookUps, jid: BareJid, at: Time, tries = 200): number {
  return Array.from({ length: tries }, () => lookUps.take(jid, at)).filter(Boolean).length;
}

test("S3: of one person so many are looked up at once, then one a minute; others have their own", () => {
  const lookUps = new LookUps();
  assert.equal(granted(lookUps, BOB, NOW), LOOKED_UP_AT_ONCE);
  assert.equal(granted(lookUps, CAROL, NOW), LOOKED_UP_AT_ONCE);
  assert.equal(granted(lookUps, BOB, (NOW + MINUTE_MS - 1) as Time), 0);
  assert.equal(granted(lookUps, BOB, (NOW + 3 * MINUTE_MS) as Time), 3);
  assert.equal(granted(lookUps, BOB, (NOW + 24 * 60 * MINUTE_MS) as Time), LOOKED_UP_AT_ONCE);
});

test("S3: when a person asks, everything may be looked up again; a clock that goes back shuts nobody out", () => {
  const lookUps = new LookUps();
  granted(lookUps, BOB, NOW);
  lookUps.reset();
  assert.equal(granted(lookUps, BOB, NOW), LOOKED_UP_AT_ONCE);
  const before = (NOW - 30 * 24 * 60 * MINUTE_MS) as Time;
  assert.equal(granted(lookUps, BOB, before), 0);
  assert.equal(granted(lookUps, BOB, (before + 2 * MINUTE_MS) as Time), 2);
});

test("S3: many people are not remembered for ever", () => {
  const lookUps = new LookUps();
  for (let count = 0; count < 5_000; count += 1)
    lookUps.take(`p${count}@b.example` as BareJid, (NOW + count * MINUTE_MS) as Time);
  granted(lookUps, BOB, (NOW + 5_000 * MINUTE_MS) as Time);
  assert.equal(granted(lookUps, BOB, (NOW + 5_000 * MINUTE_MS) as Time), 0);
});
