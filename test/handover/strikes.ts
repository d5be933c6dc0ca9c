/** What happens in a round with real browsers, and when: decided by one seeded generator before the run begins. */
import { Random } from "../faults/random.ts";

export const KINDS = [
  "kill-taker",
  "kill-giver",
  "reset-object",
  "cut-taker",
  "cut-giver",
  "full-disk",
  "reload-taker",
] as const;

export type Strike = {
  readonly kind: (typeof KINDS)[number];
  /** When so many of a hundred messages have come; below 0: between Allow and the new browser's Yes. */
  readonly at: number;
};

export type Round = {
  readonly strikes: readonly Strike[];
  /** In the middle the giver signs the new browser out, or the new browser its giver: then it ends. */
  readonly revoke: "taker" | "giver" | undefined;
};

const BEFORE_YES = 0.25;
const REVOKED = 0.15;

export function makeRounds({ rounds, seed }: { readonly rounds: number; readonly seed: number }): readonly Round[] {
  const random = new Random(seed);
  return Array.from({ length: rounds }, () => {
    const strikes = Array.from({ length: random.between(1, 3) }, () => {
      const kind = random.pick(KINDS);
      const early = random.fraction() < BEFORE_YES && kind !== "full-disk";
      return { kind, at: early ? -1 : random.between(0, 90) };
    }).toSorted((a, b) => a.at - b.at);
    const revoke = random.fraction() < REVOKED ? random.pick(["taker", "giver"] as const) : undefined;
    return { strikes, revoke };
  });
}

export function describe({ strikes, revoke }: Round): string {
  const all = strikes.map(({ kind, at }) => `${kind} ${at < 0 ? "before Yes" : `at ${at} %`}`);
  return [...all, ...(revoke === undefined ? [] : [`the ${revoke} is signed out`])].join(", ");
}
