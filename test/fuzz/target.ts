/** What is fuzzed: a reader of the project, where its inputs come from, and a slow reading that says what is right. */
import type { Random } from "../faults/random.ts";

/** `taken`: the input was accepted, so that a run shows it did not only meet what is refused at the first letter. */
export type Verdict = { readonly taken: boolean; readonly wrong?: string };

export type Target<Output = unknown> = {
  readonly name: string;
  /** Of the number of inputs that is asked for, this part is for this target. */
  readonly share: number;
  /** By grammar or by mutation; always a text, so that one way of making it smaller does for all. */
  readonly make: (random: Random) => string;
  /** The project's own code, which is timed. Whatever it throws is a crash. */
  readonly run: (input: string) => Output | Promise<Output>;
  /** Written without regard to speed and from the RFC, not from the code. */
  readonly judge: (input: string, output: Output) => Verdict;
};

export const REFUSED: Verdict = { taken: false };
export const TAKEN: Verdict = { taken: true };

export function wrong(says: string, taken = true): Verdict {
  return { taken, wrong: says };
}

/** Both readings of one thing, where nothing but equality is right. Undefined is a refusal. */
export function compared(found: unknown, expected: unknown): Verdict {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== should) return wrong(`is ${is ?? "refused"}, should be ${should ?? "refused"}`, found !== undefined);
  return found === undefined ? REFUSED : TAKEN;
}
