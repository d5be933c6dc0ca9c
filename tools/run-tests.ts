/** Test files through node:test, each in a process of its own, with the spec reporter's words and a count. */
import { glob } from "node:fs/promises";
import { relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { type Count, NOTHING } from "./count.ts";
import { ROOT } from "./project.ts";
import { say } from "./step.ts";

export type TestRun = {
  /** Paths within the project, in the order in which they begin. */
  readonly files: readonly string[];
  /** Files at the same time. */
  readonly concurrency: number;
  /** For one test, its hooks included. */
  readonly timeoutMs: number;
  /** Ends the processes of the tests. */
  readonly signal: AbortSignal;
  /** Is told how long the tests of a file took. */
  readonly onTime: (file: string, milliseconds: number) => void;
};

/** @returns how many tests passed, failed, were skipped. Suites and files are not counted. */
export async function runTests(wanted: TestRun): Promise<Count> {
  if (wanted.files.length === 0) return NOTHING;
  const stream = run({
    cwd: ROOT,
    files: [...wanted.files],
    concurrency: wanted.concurrency,
    isolation: "process",
    timeout: wanted.timeoutMs,
    execArgv: ["--import", new URL("end-with-signals.ts", import.meta.url).href],
    signal: wanted.signal,
  });
  let count = NOTHING;
  stream.on("test:summary", ({ file, counts, duration_ms }) => {
    if (file !== undefined) return wanted.onTime(relative(ROOT, file), duration_ms);
    const skipped = counts.skipped + counts.todo;
    const failed = counts.tests - counts.passed - skipped;
    count = { passed: counts.passed, failed, skipped };
  });
  const reporter = new spec();
  for await (const text of stream.compose(reporter)) process.stdout.write(String(text));
  if (count.passed + count.failed + count.skipped === 0) say("No tests in these files.");
  return count;
}

/** @returns paths of the test files that match one of `patterns` (globs within the project), sorted. */
export async function findTests(patterns: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const path of glob([...patterns], { cwd: ROOT, exclude: ["**/node_modules/**"] })) files.push(path);
  return files.sort();
}
