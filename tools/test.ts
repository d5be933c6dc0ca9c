/**
 * `npm test [-- PHASE | PART-OF-A-PATH ...]`: everything that can be said about the project, in phases, and one line
 * with the count at the end. Phases: build, types, lint, unit, system, deploy. Anything else names test files by a
 * part of their path: `npm test -- e2e/two-browsers`.
 */
import { availableParallelism } from "node:os";
import { buildPage } from "./build-page.ts";
import { addCounts, type Count, countChecks, countLine, exitCode, NOTHING } from "./count.ts";
import { inProject } from "./project.ts";
import { provide } from "./provide.ts";
import { runTests } from "./run-tests.ts";
import { runCommand, say, secondsSince } from "./step.ts";
import { checkLint, checkTypes } from "./verify.ts";

const UNIT_TIMEOUT_MS = 60_000;
const SYSTEM_TIMEOUT_MS = 300_000;
/** Beside their source: no server, no browser, no workerd. */
const UNIT = ["{worker,durable,web,tools}/**/*.test.ts"];
/** Real Prosody, real workerd, real browsers: one file at a time, for timing is part of what they test. */
const SYSTEM = ["test/**/*.test.ts"];

const PROGRAMS = ["prosody", "openssl", "chromium", "firefox", "python-omemo"] as const;

/** The processes of the tests end what they started; that takes a moment. */
const INTERRUPT_GRACE_MS = 1_000;

const interrupted = new AbortController();
const { signal } = interrupted;

type Phase = {
  readonly name: string;
  /** `filters`: parts of paths of test files; empty for all. */
  readonly run: (filters: readonly string[]) => Promise<Count>;
};

const PHASES: readonly Phase[] = [
  { name: "programs", run: async () => countChecks([["programs", await provide(PROGRAMS)]]) },
  { name: "build", run: async () => countChecks([["build", await buildPage()]]) },
  { name: "types", run: async () => countChecks(await checkTypes()) },
  { name: "lint", run: async () => countChecks(await checkLint(false)) },
  {
    name: "unit",
    run: (filters) =>
      runTests({ patterns: UNIT, filters, concurrency: availableParallelism(), timeoutMs: UNIT_TIMEOUT_MS, signal }),
  },
  {
    name: "system",
    run: (filters) => runTests({ patterns: SYSTEM, filters, concurrency: 1, timeoutMs: SYSTEM_TIMEOUT_MS, signal }),
  },
  {
    name: "deploy",
    run: async () => {
      const dryRun = { file: process.execPath, args: [inProject("tools/deploy.ts"), "--dry-run"] };
      return countChecks([["deploy --dry-run", await runCommand(dryRun)]]);
    },
  },
];
/** What the system tests stand on. */
const GROUND = ["programs", "build"];

for (const end of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) process.on(end, interrupt);

const wanted = process.argv.slice(2);
const named = wanted.filter((word) => PHASES.some(({ name }) => name === word));
const filters = wanted.filter((word) => !named.includes(word));

let total = NOTHING;
for (const { name, run } of PHASES.filter(({ name }) => isWanted(name))) {
  say(`\n── ${name} ──`);
  const start = performance.now();
  const count = await run(filters);
  say(`── ${name}: ${countLine(count)} (${secondsSince(start)})`);
  total = addCounts(total, count);
}
say(`\n${countLine(total)}`);
process.exit(exitCode(total));

function isWanted(phase: string): boolean {
  if (wanted.length === 0 || named.includes(phase)) return true;
  if (GROUND.includes(phase)) return named.includes("system") || (named.length === 0 && filters.length > 0);
  // Only parts of paths: both kinds of test files may match.
  return named.length === 0 && (phase === "unit" || phase === "system");
}

function interrupt(): void {
  interrupted.abort();
  setTimeout(() => process.exit(1), INTERRUPT_GRACE_MS);
}
