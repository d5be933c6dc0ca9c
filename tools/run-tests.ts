/** Test files through node:test, each in a process of its own, with the spec reporter's words and a count. */
import { glob } from "node:fs/promises";
import { relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { inspect } from "node:util";
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
  /** Is told of each test that failed. */
  readonly onFailure: (failure: Failure) => void;
};

export type Failure = {
  /** Path within the project. */
  readonly file: string;
  readonly test: string;
  /** What was thrown, with its stack and what it expected. */
  readonly error: string;
};

/** How much is said of one failure: two documents that were compared may be long. */
const MAX_ERROR = 4_000;

/** @returns how many tests passed, failed, were skipped. Suites and files are not counted. */
export async function runTests(wanted: TestRun): Promise<Count> {
  if (wanted.files.length === 0) return NOTHING;
  const stream = run({
    cwd: ROOT,
    files: [...wanted.files],
    concurrency: wanted.concurrency,
    isolation: "process",
    timeout: wanted.timeoutMs,
    // A file whose first hook has failed keeps what it had started, and with it its process, for ever: it ends, and all of that.
    execArgv: ["--test-force-exit", "--import", new URL("end-with-signals.ts", import.meta.url).href],
    signal: wanted.signal,
  });
  let count = NOTHING;
  stream.on("test:summary", ({ file, counts, duration_ms }) => {
    if (file !== undefined) return wanted.onTime(relative(ROOT, file), duration_ms);
    const skipped = counts.skipped + counts.todo;
    const failed = counts.tests - counts.passed - skipped;
    count = { passed: counts.passed, failed, skipped };
  });
  stream.on("test:fail", ({ name, file, details }) => {
    const { error } = details;
    if ("failureType" in error && error.failureType === "subtestsFailed") return;
    const cause = error.cause ?? error;
    wanted.onFailure({ file: relative(ROOT, file ?? ""), test: name, error: inspect(cause).slice(0, MAX_ERROR) });
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
