/** Test files through node:test, each in a process of its own, with the spec reporter's words and a count. */
import { glob } from "node:fs/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { type Count, NOTHING } from "./count.ts";
import { ROOT } from "./project.ts";
import { say } from "./step.ts";

export type TestRun = {
  /** Glob patterns within the project. */
  readonly patterns: readonly string[];
  /** Patterns of files to leave out. */
  readonly except?: readonly string[];
  /** Parts of paths; a file needs one of them. Empty: all files. */
  readonly filters: readonly string[];
  /** Files at the same time. */
  readonly concurrency: number;
  /** For one test, its hooks included. */
  readonly timeoutMs: number;
  /** Ends the processes of the tests. */
  readonly signal: AbortSignal;
};

/** @returns how many tests passed, failed, were skipped. Suites and files are not counted. */
export async function runTests(wanted: TestRun): Promise<Count> {
  const files = await filesOf(wanted);
  if (files.length === 0) return NOTHING;
  const stream = run({
    cwd: ROOT,
    files,
    concurrency: wanted.concurrency,
    isolation: "process",
    timeout: wanted.timeoutMs,
    execArgv: ["--import", new URL("end-with-signals.ts", import.meta.url).href],
    signal: wanted.signal,
  });
  let count = NOTHING;
  stream.on("test:summary", ({ file, counts }) => {
    if (file !== undefined) return;
    const skipped = counts.skipped + counts.todo;
    const failed = counts.tests - counts.passed - skipped;
    count = { passed: counts.passed, failed, skipped };
  });
  const reporter = new spec();
  for await (const text of stream.compose(reporter)) process.stdout.write(String(text));
  if (count.passed + count.failed + count.skipped === 0) say("No tests in these files.");
  return count;
}

async function filesOf({ patterns, except = [], filters }: TestRun): Promise<string[]> {
  const files: string[] = [];
  for await (const path of glob([...patterns], { cwd: ROOT, exclude: [...except, "**/node_modules/**"] }))
    files.push(path);
  const kept = filters.length === 0 ? files : files.filter((path) => filters.some((filter) => path.includes(filter)));
  return kept.sort();
}
