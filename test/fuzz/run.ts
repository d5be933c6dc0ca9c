/** One target with so many inputs: crashes, hangs, and what was read otherwise than the slow reading has it. */
import { Random } from "../faults/random.ts";
import { literal, shrunk } from "./shrink.ts";
import type { Target, Verdict } from "./target.ts";

export const HANG_MS = 50;
/** So often in a row. */
const HANG_TIMES = 5;
/** Of each kind so many are made small and told; the others are counted. */
const TOLD_MAX = 5;
/** Odd, so that neighbours are far from each other and every number comes once (2^32 divided by the golden ratio). */
const STEP = 0x9e3779b1;

type Kind = "crash" | "hang" | "wrong";
type Finding = { readonly kind: Kind; readonly input: string; readonly says: string };
export type Outcome = {
  readonly name: string;
  readonly inputs: number;
  readonly taken: number;
  readonly counts: Readonly<Record<Kind, number>>;
  readonly findings: readonly Finding[];
  /** What the project's code alone has worked, the least of several times where the first was long. */
  readonly slowest: { readonly milliseconds: number; readonly input: string };
  readonly seconds: number;
};

export type FuzzOptions = {
  readonly inputs: number;
  readonly seed: number;
  /** Is told the number of the input that begins: a run that stands still has met an endless loop there. */
  readonly onInput?: (index: number) => void;
};

/** The input of this number: each is made for itself, so that any can be made again. */
export function inputOf(target: Pick<Target, "make">, seed: number, index: number): string {
  return target.make(new Random(Math.imul(seed, STEP) ^ Math.imul(index + 1, STEP)));
}

export async function fuzz<Output>(target: Target<Output>, { inputs, seed, onInput }: FuzzOptions): Promise<Outcome> {
  const began = performance.now();
  const counts: Record<Kind, number> = { crash: 0, hang: 0, wrong: 0 };
  const findings: Finding[] = [];
  let taken = 0;
  let slowest = { milliseconds: 0, input: "" };
  for (let index = 0; index < inputs; index += 1) {
    onInput?.(index);
    const input = inputOf(target, seed, index);
    const tried = await tryOn(target, input);
    if (tried.milliseconds > slowest.milliseconds) slowest = { milliseconds: tried.milliseconds, input };
    if (tried.verdict?.taken) taken += 1;
    const { finding } = tried;
    if (finding === undefined) continue;
    counts[finding.kind] += 1;
    if (counts[finding.kind] > TOLD_MAX) continue;
    const small = await shrunk(input, async (other) => (await tryOn(target, other)).finding?.kind === finding.kind);
    findings.push((await tryOn(target, small)).finding ?? finding);
  }
  const seconds = (performance.now() - began) / 1_000;
  return { name: target.name, inputs, taken, counts, findings, slowest, seconds };
}

type Tried = { readonly finding?: Finding; readonly milliseconds: number; readonly verdict?: Verdict };

/** A time over the limit counts only if the same input takes it each time: once memory is cleared away meanwhile. */
async function tryOn<Output>(target: Target<Output>, input: string): Promise<Tried> {
  const first = await timed(target, input);
  let { milliseconds } = first;
  for (let more = 1; more < HANG_TIMES && milliseconds > HANG_MS; more += 1)
    milliseconds = Math.min(milliseconds, (await timed(target, input)).milliseconds);
  if ("error" in first) return { finding: { kind: "crash", input, says: String(first.error) }, milliseconds };
  const verdict = target.judge(input, first.output);
  if (verdict.wrong !== undefined)
    return { finding: { kind: "wrong", input, says: verdict.wrong }, milliseconds, verdict };
  if (milliseconds <= HANG_MS) return { milliseconds, verdict };
  return { finding: { kind: "hang", input, says: `${milliseconds.toFixed(0)} ms` }, milliseconds, verdict };
}

type Timed<Output> = { readonly milliseconds: number } & ({ readonly output: Output } | { readonly error: unknown });

async function timed<Output>(target: Target<Output>, input: string): Promise<Timed<Output>> {
  const began = workedMs();
  try {
    const answer = target.run(input);
    const output = answer instanceof Promise ? await answer : answer;
    return { output, milliseconds: workedMs() - began };
  } catch (error) {
    return { error, milliseconds: workedMs() - began };
  }
}

/** Of this thread, whatever else the machine does: what hangs, works. */
export function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** A line for each target, and what was found, ready to be pasted. */
export function reportOf({ name, inputs, taken, counts, slowest, seconds, findings }: Outcome): string {
  const line =
    `${name}: ${inputs} inputs, ${taken} taken, ${counts.crash} crashes, ${counts.hang} hangs, ${counts.wrong} wrong; ` +
    `slowest ${slowest.milliseconds.toFixed(1)} ms (${shortened(literal(slowest.input))}); ${seconds.toFixed(1)} s`;
  return [line, ...findings.map(({ kind, says, input }) => `  ${kind}: ${literal(input)}\n    ${literal(says)}`)].join(
    "\n",
  );
}

const SHOWN = 60;

function shortened(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… of ${text.length}`;
}
