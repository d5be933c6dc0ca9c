/**
 * `npm test [-- PHASE | PART-OF-A-PATH ...]`: everything that can be said about the project, in phases, and one line
 * with the count at the end. Phases: build, types, lint, unit, system, deploy. Anything else names test files by a
 * part of their path: `npm test -- e2e/two-browsers`. `--changed [COMMIT]` runs the test files that a change can reach,
 * `--times` says how long each took.
 */
import { availableParallelism } from "node:os";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { changedFiles, readProject } from "./changed.ts";
import { buildPage } from "./build-page.ts";
import { addCounts, type Count, countChecks, countLine, exitCode, NOTHING } from "./count.ts";
import { DATA, inProject, SEEN_VARIABLE } from "./project.ts";
import { provide } from "./provide.ts";
import { testsReached } from "./reach.ts";
import { type Failure, findTests, runTests } from "./run-tests.ts";
import { schedule } from "./schedule.ts";
import { bundleStage, STAGE_VARIABLE } from "./stage-bundle.ts";
import { runCommand, say, secondsSince } from "./step.ts";
import { checkLint, checkTypes } from "./verify.ts";
import { isWanted, readWanted } from "./wanted.ts";
import { BUNDLE_VARIABLE, bundleWorker } from "./worker-bundle.ts";

const UNIT_TIMEOUT_MS = 300_000;
/** Above what is waited for anything (`test/e2e/waiting.ts`), so that what failed says so itself. */
const SYSTEM_TIMEOUT_MS = 600_000;
/** Beside their source: no server, no browser, no workerd. */
const UNIT = ["{worker,durable,web,tools}/**/*.test.ts"];
/** Real Prosody, real workerd, real browsers. */
const SYSTEM = ["test/**/*.test.ts"];
/**
 * Unit tests work, but some wait for a timer or a disk. System tests that open browsers wait for each other's answers: with two
 * at a time two processors stood idle for almost half of the time.
 */
const AT_ONCE = availableParallelism() + 1;
/** Of the system tests that wait for timers and servers, beside those: a tenth of a processor each. */
const WAITING_AT_ONCE = 2;
/** Files that take less are not worth a line. */
const WORTH_A_LINE_MS = 2_000;

const PROGRAMS = [
  ...(["prosody", "prosody-modules", "ejabberd", "openssl", "chromium", "firefox", "python-omemo", "nginx"] as const),
];

/** The processes of the tests end what they started; that takes a moment. */
const INTERRUPT_GRACE_MS = 1_000;

const interrupted = new AbortController();
const { signal } = interrupted;
const told = { signal, onTime, onFailure: (failure: Failure) => void failures.push(failure) };

type Phase = {
  readonly name: string;
  /** `chosen`: the test files that run. */
  readonly run: (chosen: Chosen) => Promise<Count>;
};
type Chosen = { readonly unit: readonly string[]; readonly system: readonly string[] };

const PHASES: readonly Phase[] = [
  { name: "programs", run: async () => countChecks([["programs", await provide(PROGRAMS)]]) },
  { name: "build", run: async () => countChecks([["build", (await buildPage()) && (await bundleForTests())]]) },
  { name: "types", run: async () => countChecks(await checkTypes()) },
  { name: "lint", run: async () => countChecks(await checkLint(false)) },
  {
    name: "unit",
    run: ({ unit }) => runTests({ files: unit, concurrency: AT_ONCE, timeoutMs: UNIT_TIMEOUT_MS, ...told }),
  },
  {
    name: "system",
    run: async ({ system }) => {
      const { alone, working, waiting } = schedule(system);
      const options = { timeoutMs: SYSTEM_TIMEOUT_MS, ...told };
      const first = await runTests({ ...options, files: alone, concurrency: 1 });
      const beside = await Promise.all([
        runTests({ ...options, files: working, concurrency: AT_ONCE }),
        runTests({ ...options, files: waiting, concurrency: WAITING_AT_ONCE }),
      ]);
      return beside.reduce(addCounts, first);
    },
  },
  {
    name: "deploy",
    run: async () => {
      const dryRun = { file: process.execPath, args: [inProject("tools/deploy/main.ts"), "--dry-run"] };
      return countChecks([["deploy --dry-run", await runCommand(dryRun)]]);
    },
  },
];
/** What the system tests stand on. */
const GROUND = ["programs", "build"];

/**
 * What Node has compiled, types taken out, serves all processes of the run, and the next run: there are four hundred of them,
 * and half of a short test was nothing else.
 */
process.env["NODE_COMPILE_CACHE"] ??= join(DATA, "compiled");

for (const end of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) process.on(end, interrupt);

/** What axe has looked at in the stories of this run (`test/e2e/seen-kinds.ts`). */
const seen = join(DATA, `seen-${process.pid}`);
mkdirSync(DATA, { recursive: true, mode: 0o700 });
process.env[SEEN_VARIABLE] = seen;
process.on("exit", () => rmSync(seen, { force: true }));

const times = new Map<string, number>();
const failures: Failure[] = [];
const wanted = orSay(() =>
  readWanted(
    process.argv.slice(2),
    PHASES.map(({ name }) => name),
  ),
);
const chosen = await choose();

let total = NOTHING;
for (const { name, run } of PHASES.filter(({ name }) => isWanted(name, wanted, GROUND))) {
  say(`\n── ${name} ──`);
  const start = performance.now();
  const count = await run(chosen);
  say(`── ${name}: ${countLine(count)} (${secondsSince(start)})`);
  total = addCounts(total, count);
}
if (wanted.times) sayTimes();
sayFailures();
say(`\n${countLine(total)}`);
process.exit(exitCode(total));

/** A command line that makes no sense is answered by a sentence, not by a stack. */
function orSay<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

async function choose(): Promise<Chosen> {
  const [unit, system] = [await findTests(UNIT), await findTests(SYSTEM)];
  if (wanted.changed === undefined) {
    const matches = (path: string) => wanted.filters.some((filter) => path.includes(filter));
    const kept = (paths: readonly string[]) => (wanted.filters.length === 0 ? paths : paths.filter(matches));
    return { unit: kept(unit), system: kept(system) };
  }
  const changed = await changedFiles(wanted.changed.base);
  const tests = [...unit, ...system];
  const reached = testsReached(changed, await readProject(changed, tests));
  if (reached.kind === "all") {
    say(`${reached.because} has changed, on which every test depends.`);
    return { unit, system };
  }
  say(`Changed: ${changed.length} files. They can reach ${reached.tests.length} of ${tests.length} test files:`);
  for (const path of reached.tests) say(`  ${path}`);
  const isReached = (path: string) => reached.tests.includes(path);
  return { unit: unit.filter(isReached), system: system.filter(isReached) };
}

/** One bundle of the Worker and one of the screens for all system tests. @returns whether it worked; wrangler's own words are on the terminal. */
async function bundleForTests(): Promise<boolean> {
  try {
    process.env[BUNDLE_VARIABLE] = await bundleWorker(inProject("test/plain-entry.ts"), inProject("dist/test"));
    process.env[STAGE_VARIABLE] = await bundleStage(inProject("dist/stage"));
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

function onTime(file: string, milliseconds: number): void {
  times.set(file, milliseconds);
}

/** The slowest files first. */
function sayTimes(): void {
  say();
  const slow = [...times].filter(([, milliseconds]) => milliseconds > WORTH_A_LINE_MS);
  for (const [file, milliseconds] of slow.sort(([, a], [, b]) => b - a))
    say(`${(milliseconds / 1_000).toFixed(1).padStart(7)} s  ${file}`);
}

/** Once more at the end, whatever row they ran in: a log that was cut from above still says what failed, and why. */
function sayFailures(): void {
  for (const { file, test, error } of failures) say(`\n── failed: ${file}: ${test}\n${error}`);
}

function interrupt(): void {
  interrupted.abort();
  setTimeout(() => process.exit(1), INTERRUPT_GRACE_MS);
}
