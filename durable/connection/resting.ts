/**
 * An account whose browsers are open and that nobody has looked at for long (a pinned tab): it lets go of its stream, which
 * the server keeps for a while (XEP-0198 §5), and sleeps. The browsers' sockets stay, for a sleeping object holds them for
 * nothing. Every few minutes it looks in: it goes on with the stream, takes what has come, and lets go again. Contacts see
 * nothing of it. Whoever looks at a page wakes it at once.
 */
import type { Time } from "../../worker/contract/names.ts";

/** How long what takes; tests make them shorter. */
export const RESTING = {
  /**
   * From the moment when the last page was hidden. Longer than people work beside a page that they listen to, for from then
   * on they hear of a message up to `everyMs` late; short against a night.
   */
  afterMs: 30 * 60_000,
  /** From one look to the next. Within the five minutes for which ejabberd keeps a stream (Prosody: ten). */
  everyMs: 4 * 60_000,
  /** So long a look stays once everything is read: browsers answer what has come (receipts, key transports). */
  lookMs: 3_000,
};
/** A server that keeps a stream for a shorter time than this is not left: it would be a new session again and again. */
const LEAST_RESUMABLE_MS = 90_000;
/** Of the time for which the server keeps it: the rest is for waking and dialling. */
const OF_RESUMABLE = 0.8;
/** What is under way then is done at the next look: nothing that was accepted is lost by that. */
const LONGEST_LOOK_MS = 60_000;

/** What is known of an account whose pages are all hidden. */
export type Unwatched = {
  /** Since when, or since when its present session is there: a session that did not go on has to earn its rest again. */
  readonly since: Time;
  /** When it last let go, in this absence of everybody; undefined: not yet. */
  readonly restedAt: Time | undefined;
  /** For how long the server keeps the stream; undefined where it cannot be resumed. */
  readonly resumableMs: number | undefined;
  /** Since when everything is read on the stream that stands; undefined while it is not. */
  readonly readyAt: Time | undefined;
  /** Nothing that was written or asked waits for its answer. */
  readonly quiet: boolean;
  /** Whether what is kept signs in again; undefined: it was never tried. */
  readonly returns: boolean | undefined;
};

/** Whether it rests, or looks in between two rests. */
export function rests({ since, restedAt, resumableMs }: Unwatched, now: Time): boolean {
  if (resumableMs === undefined || resumableMs < LEAST_RESUMABLE_MS) return false;
  return restedAt !== undefined || now >= since + RESTING.afterMs;
}

/** Of an account that rests: when it is to look in. Now, where the clock was set back. */
export function nextLook({ restedAt, resumableMs = 0 }: Unwatched, now: Time): Time {
  if (restedAt === undefined || restedAt > now) return now;
  return restedAt + lookEvery(resumableMs);
}

/** Of an account that rests, with its stream standing: when it may let go again; `now` or before: at once. */
export function lookEnds({ readyAt, quiet }: Unwatched, now: Time): Time {
  if (readyAt === undefined) return now + RESTING.lookMs;
  if (!quiet && now < readyAt + LONGEST_LOOK_MS) return now + RESTING.lookMs;
  return readyAt + RESTING.lookMs;
}

/** From letting go to the next look. */
export function lookEvery(resumableMs: number): number {
  return Math.min(RESTING.everyMs, OF_RESUMABLE * resumableMs);
}
