/** The object's clock, as far as this browser knows it: a computer whose own is wrong can still say when it asked. */

let aheadMs = 0;

/** Milliseconds since 1970, by the object. */
export function objectNow(): number {
  return Date.now() + aheadMs;
}

/** The object has told its time. */
export function learnObjectTime(now: number): void {
  if (Number.isFinite(now) && now > 0) aheadMs = now - Date.now();
}
