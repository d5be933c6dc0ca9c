/**
 * An account that nobody has open, with browsers that are to be rung: now and then it looks in. It reads its archive without showing
 * itself to anybody (no presence), rings, and sleeps again. Every quarter of an hour; through nights and days without a
 * message ever more seldom.
 */
import type { Time } from "../../worker/contract/names.ts";

/** How long what takes; tests make them shorter. */
export const LOOKING_IN = {
  everyMs: 15 * 60_000,
  seldomMs: 2 * 60 * 60_000,
  /** So long a look stays once everything is read: what was written meanwhile is acknowledged. */
  lookMs: 2_000,
};
/** So many looks that have found nothing are no reason yet to look more seldom: two hours of them. */
const PATIENT = 8;
/** What is under way then is done at the next look. */
const LONGEST_LOOK_MS = 60_000;

/** The last look: when it ended, how many before it in a row have found nothing, and the newest place in any conversation then. */
export type LastLook = { readonly at: Time; readonly empty: number; readonly position: number };

/** What is known of an account that looks in. */
export type LookingIn = {
  /** Undefined: it has not looked in yet since somebody was here. */
  readonly last: LastLook | undefined;
  /** The newest place in any conversation. */
  readonly position: number;
  /** Since when everything is read on the stream that stands; undefined while it is not. */
  readonly readyAt: Time | undefined;
  /** Nothing that was written or asked waits for its answer, and no ring is on its way. */
  readonly quiet: boolean;
  /** The server wakes it when something comes (`durable/gateway/`): it looks by itself in case that does not arrive. */
  readonly pushed?: boolean | undefined;
  /** When it was woken last. */
  readonly woken?: Time | undefined;
};

/** The look that ends now, as the next one has to know it. */
export function lookOf({ last, position }: LookingIn, now: Time): LastLook {
  const found = last === undefined || position > last.position;
  return { at: now, empty: found ? 0 : last.empty + 1, position };
}

/** From the end of a look to the beginning of the next. */
export function untilNextLook({ empty }: LastLook, pushed = false): number {
  if (pushed) return LOOKING_IN.seldomMs;
  return Math.min(LOOKING_IN.seldomMs, LOOKING_IN.everyMs * 2 ** Math.max(0, empty - PATIENT + 1));
}

/** When it is to look in; now, where it never has, or the clock was set back. */
export function dueAt({ last, pushed, woken }: LookingIn, now: Time): Time {
  if (last === undefined || last.at > now || (woken !== undefined && woken > last.at)) return now;
  return last.at + untilNextLook(last, pushed);
}

/** With its stream standing: when it may let go again; `now` or before: at once. */
export function lookingEnds({ readyAt, quiet }: LookingIn, now: Time): Time {
  if (readyAt === undefined) return now + LOOKING_IN.lookMs;
  if (!quiet && now < readyAt + LONGEST_LOOK_MS) return now + LOOKING_IN.lookMs;
  return readyAt + LOOKING_IN.lookMs;
}
