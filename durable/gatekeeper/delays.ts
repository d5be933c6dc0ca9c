/** How long to wait before the next try, by how many there were: nothing for the first few, then ever longer. Pure. */
import type { Time } from "../../worker/contract/names.ts";

export type Rule = {
  /** Tries that need not wait. */
  readonly free: number;
  /** The first wait; each further try doubles it, up to `mostMs`. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** After so much quiet nothing of it counts any more. */
  readonly forgetMs: number;
};

/** Tries without a proof, and when the last one was made. */
export type Tries = { readonly count: number; readonly at: Time };

const DOUBLINGS_MAX = 30;

/** Milliseconds until the next try may be made; 0: now. */
export function waitOf(rule: Rule, tries: Tries | undefined, now: Time): number {
  const count = countOf(rule, tries, now);
  if (tries === undefined || count < rule.free) return 0;
  const pause = Math.min(rule.mostMs, rule.firstMs * 2 ** Math.min(count - rule.free, DOUBLINGS_MAX));
  // A clock that was set back must not make anybody wait for longer than the rule says.
  return Math.max(0, Math.min(pause, tries.at + pause - now));
}

/** One more, at `now`. */
export function oneMore(rule: Rule, tries: Tries | undefined, now: Time): Tries {
  return { count: countOf(rule, tries, now) + 1, at: now };
}

/** A try that turned out to be none: it had the right password, or nobody looked at it. */
export function oneLess(tries: Tries): Tries {
  return { count: Math.max(0, tries.count - 1), at: tries.at };
}

function countOf(rule: Rule, tries: Tries | undefined, now: Time): number {
  return tries === undefined || now - tries.at >= rule.forgetMs ? 0 : tries.count;
}
