/** A run in words: what struck, what went on meanwhile, what was found. */
import { STRIKE_KINDS } from "./plan.ts";
import type { RunOptions, RunResult } from "./run.ts";

const SHOWN = 40;

export function isClean({ rounds }: Pick<RunOptions, "rounds">, { findings, struck }: RunResult): boolean {
  return struck.length === rounds && findings.length === 0;
}

export function reportOf(options: Omit<RunOptions, "say">, result: RunResult): string {
  const { findings, struck, late, written, startsMs, seconds } = result;
  const kinds = STRIKE_KINDS.map((kind) => `${struck.filter((words) => words.includes(`(${kind}`)).length} ${kind}`);
  const sorted = startsMs.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const counts = new Map<string, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [
    `Seed ${options.seed}: ${struck.length} kills in ${seconds.toFixed(1)} s (${kinds.join(", ")}; ${late} late).`,
    `  written: ${written.alice} by the killed browser, ${written.sibling} by its sibling, ${written.bob} by bob.`,
    `  ${result.unanswered} were being written when the browser died; ${result.sentAfterAll} of them were sent later, once.`,
    `  ${startsMs.length} starts from page to connected: median ${Math.round(median)} ms, longest ${Math.round(sorted.at(-1) ?? 0)} ms.`,
    `  ${result.databases} databases looked into after a kill; ${result.messages} messages seen leaving, ${result.keys} message keys.`,
    ...findings.slice(0, SHOWN).map(({ kind, says }) => `  ${kind.toUpperCase()} ${says}`),
    ...(findings.length > SHOWN ? [`  … and ${findings.length - SHOWN} more`] : []),
    isClean(options, result)
      ? "0 torn, 0 lost, 0 twice, 0 keys used again."
      : `NOT CLEAN: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(", ")}.`,
  ].join("\n");
}
