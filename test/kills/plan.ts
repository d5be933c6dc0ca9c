/**
 * When the browser is killed in each round, decided before a run begins by one seeded generator. A moment is counted in
 * what passes between the browser and its object, and a few milliseconds more; so the same seed is the same attack on
 * every machine, though not the same accident.
 */
import { Random } from "../faults/random.ts";

export type Strike =
  /** So long after the page is asked for: programs load, the lock is taken, the database opened, the backlog read. */
  | { readonly kind: "opening"; readonly afterMs: number }
  /** When the n-th message leaves for the object; or right before its answer arrives: it was accepted, and nobody knows. */
  | { readonly kind: "leaving" | "answer"; readonly count: number; readonly afterMs: number }
  /** When the n-th piece of the live socket arrives: the browser decrypts, commits, acknowledges. */
  | { readonly kind: "arriving"; readonly count: number; readonly afterMs: number };

export type StrikeKind = Strike["kind"];

/** How many texts are written at once, burst after burst, over again until the browser is killed. */
export type Round = { readonly strike: Strike; readonly bursts: readonly number[] };

const WEIGHTS: Readonly<Record<StrikeKind, number>> = { opening: 4, leaving: 3, answer: 3, arriving: 4 };
export const STRIKE_KINDS = Object.keys(WEIGHTS) as readonly StrikeKind[];

/** Longer than a page takes to be ready, so that some kills strike the catching-up. */
const LONGEST_OPENING_MS = 2_500;
const MOST_COUNTED = 16;
/** About as long as a commit takes: the kill strikes before it, in it, or behind it. */
const LONGEST_AFTER_MS = 25;
const BURSTS = 5;
const MOST_AT_ONCE = 4;

/** The same for the same numbers, always. Every kind of strike comes once before any comes by its weight. */
export function makePlan(wanted: { readonly rounds: number; readonly seed: number }): readonly Round[] {
  const random = new Random(wanted.seed);
  const urn = STRIKE_KINDS.flatMap((kind) => Array.from({ length: WEIGHTS[kind] }, () => kind));
  const first = random.shuffle(STRIKE_KINDS).slice(0, wanted.rounds);
  const rest = Array.from({ length: wanted.rounds - first.length }, () => random.pick(urn));
  return [...first, ...rest].map((kind) => ({
    strike: drawStrike(random, kind),
    bursts: Array.from({ length: BURSTS }, () => random.between(1, MOST_AT_ONCE)),
  }));
}

function drawStrike(random: Random, kind: StrikeKind): Strike {
  if (kind === "opening") return { kind, afterMs: random.between(0, LONGEST_OPENING_MS) };
  // Every other one strikes at once: the promise is about the moment itself, too.
  const afterMs = Math.max(0, random.between(-LONGEST_AFTER_MS, LONGEST_AFTER_MS));
  return { kind, count: random.between(1, MOST_COUNTED), afterMs };
}

/** A strike in words, e.g. `answer 7, +12 ms`. */
export function describe(strike: Strike): string {
  const count = strike.kind === "opening" ? "" : ` ${strike.count},`;
  return `${strike.kind}${count} +${strike.afterMs} ms`;
}
