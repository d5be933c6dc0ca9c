/** Whether work grows with the length of what is worked on, or with its square: shown by comparing it with itself. */

const PARTS = 16;
const ROUNDS_MIN = 3;
const ROUNDS_MAX = 40;
/** Of the square it would be `PARTS`. */
const LINEAR_MAX = 4;

export type Growth = {
  readonly linear: boolean;
  /** How many times more the whole costs than its parts one by one; about 1 where the work is linear. */
  readonly factor: number;
  /** Of the whole, at its cheapest. */
  readonly milliseconds: number;
};

/**
 * Works on a whole, and sixteen times on a sixteenth of it; `work` is given which part of it that is. Both are measured
 * until the cheapest of each are comparable, so a machine with other things to do makes it take longer and no more.
 */
export function growthOf(work: (part: number) => void): Growth {
  let [whole, parts] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 1; ; round += 1) {
    parts = Math.min(
      parts,
      cost(() => {
        for (let part = 0; part < PARTS; part += 1) work(1 / PARTS);
      }),
    );
    whole = Math.min(
      whole,
      cost(() => work(1)),
    );
    const factor = whole / parts;
    const linear = factor < LINEAR_MAX;
    if ((linear && round >= ROUNDS_MIN) || round >= ROUNDS_MAX || isHopeless(round, whole))
      return { linear, factor, milliseconds: whole };
  }
}

/** A whole that takes seconds is not tried forty times. */
function isHopeless(round: number, milliseconds: number): boolean {
  return round >= ROUNDS_MIN && milliseconds > 500;
}

/** Milliseconds. Both are about equally long where the work is linear, so what interrupts one interrupts the other. */
function cost(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}
