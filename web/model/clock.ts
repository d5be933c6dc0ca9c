/** The account's clock: the object's, by which own browsers time what they share; this computer's while that has not been told. */
import type { Time } from "../../worker/contract/names.ts";

let aheadMs = 0;

/** Milliseconds since 1970. What is compared with a time that others have told is compared with this. */
export function accountNow(): Time {
  return Date.now() + aheadMs;
}

/** `ahead` of `ConnectionView`. */
export function setAhead(ms: number): void {
  aheadMs = ms;
}
