/** The object's clock, as far as this browser knows it: what own browsers share is timed by it, for their own may be wrong. */
import type { Time } from "../../../worker/contract/names.ts";

let ahead = 0;

/** Milliseconds since 1970, by the object. */
export function objectNow(): Time {
  return Date.now() + ahead;
}

/** By how many milliseconds the object's clock is ahead of this computer's. */
export function aheadMs(): number {
  return ahead;
}

/**
 * The object has told its time, in an answer to what was asked at `askedAt` by this computer's clock. The answer may have taken
 * long, in a tab that slept above all: nothing is wrong with a clock by which it was told between the two.
 */
export function learnObjectTime(told: Time, askedAt: Time): void {
  if (!Number.isFinite(told) || told <= 0) return;
  ahead = told < askedAt ? told - askedAt : Math.max(0, told - Date.now());
}
