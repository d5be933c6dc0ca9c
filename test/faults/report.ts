/** A run in words: what struck, how fast it went, what was found. */
import { FAULT_KINDS } from "./plan.ts";
import type { RunOptions, RunResult } from "./run.ts";

const SHOWN = 40;

export function isClean({ findings, acknowledged, settled }: RunResult): boolean {
  return settled && findings.length === 0 && acknowledged.violations.length === 0;
}

export function reportOf(options: Omit<RunOptions, "say">, result: RunResult): string {
  const { findings, halved, acknowledged, decided, struck, connections, seconds } = result;
  const faults = FAULT_KINDS.filter((kind) => decided.has(kind)).map(
    (kind) =>
      `  ${kind.padEnd(20)} ${`${decided.get(kind) ?? 0}`.padStart(5)} decided ${`${struck.get(kind) ?? 0}`.padStart(5)} struck`,
  );
  const counts = new Map<string, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [
    `Seed ${options.seed}: ${options.messages} messages, ${options.faults} faults in ${seconds.toFixed(1)} s, ` +
      `${(options.messages / seconds).toFixed(1)} messages/s.`,
    ...faults,
    `Connections to the server: ${connections.alice} of alice, ${connections.bob} of bob.`,
    `Acknowledgements seen from outside: ${acknowledged.acknowledgements}, ${acknowledged.messages} messages in them looked up, ` +
      `${acknowledged.unclaimed} of them answers of the archive that a reset had forgotten to want.`,
    ...(halved.length > 0
      ? [`Lost by the server, killed between the archives of sender and receiver: ${halved.join(" ")}.`]
      : []),
    ...acknowledged.violations.slice(0, SHOWN).map((says) => `  ACKNOWLEDGED ${says}`),
    ...findings.slice(0, SHOWN).map(({ kind, says }) => `  ${kind.toUpperCase()} ${says}`),
    ...(findings.length > SHOWN ? [`  … and ${findings.length - SHOWN} more`] : []),
    isClean(result)
      ? "0 lost, 0 twice, the same places everywhere, nothing acknowledged that is not stored."
      : `NOT CLEAN: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(", ")}` +
        `${acknowledged.violations.length > 0 ? `, acknowledged ${acknowledged.violations.length}` : ""}` +
        `${result.settled ? "" : ", not settled"}.`,
  ].join("\n");
}
