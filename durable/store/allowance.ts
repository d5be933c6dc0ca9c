/** So much at once, then so much at a time: what others may cause to be kept. Pure. */
import type { Time } from "../../worker/contract/names.ts";

export type Allowance = { readonly atOnce: number; readonly everyMs: number };

/**
 * Spends `cost` of it, if it has room: the moment when it will be as if nothing had come (the generic cell rate algorithm).
 * Undefined: it has none. A clock that was set back shuts nobody out: what lies further ahead than all of it is not believed.
 */
export function spend(until: Time | undefined, now: Time, { atOnce, everyMs }: Allowance, cost = 1): Time | undefined {
  const full = now + atOnce * everyMs;
  const begun = until === undefined || until > full ? now : Math.max(until, now);
  const next = begun + cost * everyMs;
  return next > full ? undefined : next;
}
