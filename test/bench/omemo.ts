/** How fast the cryptography is: in Chromium, where the engine runs, and in Node; beside the library's own curve. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "puppeteer-core";
import { build, preview } from "vite";
import { launchBrowser } from "../e2e/browsers.ts";
import { type CurveTimes, measureCurves } from "./omemo/curves.ts";
import type { JobName, JobRequest, Results } from "./omemo/jobs.ts";
import { type Measure, measuresTable, median, table } from "./samples.ts";
import { measureWeight } from "./weight.ts";

const PORT = 17_580;
const WARM_UP = 10;
const CURVE_ROUNDS = 60;
const TURNS = 1_000;
const REPEATED = 5;
const NEXT_ROUNDS = 20;
const GOAL_FACTOR = 5;
const REPLAY_GOAL_MS = 5_000;
const ARCHIVE_GOAL_MS = 2_000;
const LONG_TASK_MS = 50;
const FIRST_GOAL_MS = 2_000;
const NEXT_GOAL_MS = 150;
/** `peers.md`: Converse 14, 1,000 archived OMEMO messages until all are decrypted, and its longest task. */
const CONVERSE =
  "Converse 14 took 105 s for such an archive, with one main-thread task of 42.5 s (another run, same kind of machine).";

type Measured<N extends JobName> = { readonly result: Results[N]; readonly longestTaskMs: number };

/** Prints all tables. */
export async function measureOmemo(): Promise<string> {
  const parts = await inChromium(async (page) => {
    const curves = await ask(page, { name: "curves", args: { rounds: CURVE_ROUNDS, warmUp: WARM_UP } });
    return [curvesTable("in Chromium", curves.result), await measureEngine(page)];
  });
  const inNode = curvesTable("in Node", await measureCurves(CURVE_ROUNDS, WARM_UP));
  return [parts[0], inNode, parts[1], await measureWeight()].join("\n\n");
}

async function measureEngine(page: Page): Promise<string> {
  const replays: number[] = [];
  const archives: number[] = [];
  const firsts: number[] = [];
  const nexts: number[] = [];
  const longest: number[] = [];
  for (let round = 0; round < REPEATED; round++) {
    replays.push((await ask(page, { name: "replay", args: { turns: TURNS } })).result);
    const archive = await ask(page, { name: "archive", args: {} });
    archives.push(archive.result);
    const fanOut = await ask(page, { name: "fanOut", args: { nextRounds: NEXT_ROUNDS } });
    firsts.push(fanOut.result.first);
    nexts.push(...fanOut.result.next);
    longest.push(archive.longestTaskMs, fanOut.longestTaskMs);
  }
  const worst = Math.max(...longest);
  return [
    measuresTable("the engine's modules and a real store, in Chromium", [
      { name: `session of ${TURNS} ratchet turns, both sides`, samples: replays, goalMs: REPLAY_GOAL_MS },
      { name: "1,000 archived messages of 20 devices → stored", samples: archives, goalMs: ARCHIVE_GOAL_MS },
      { name: "first message into a room, 50 × 3 devices", samples: firsts, goalMs: FIRST_GOAL_MS },
      { name: "each message there after it", samples: nexts, goalMs: NEXT_GOAL_MS },
    ]),
    worst < LONG_TASK_MS
      ? `No task of the page's own thread took ${LONG_TASK_MS} ms meanwhile: met.`
      : `The longest task of the page's own thread took ${worst.toFixed(0)} ms: goal ${LONG_TASK_MS} ms MISSED.`,
    CONVERSE,
  ].join("\n");
}

function curvesTable(where: string, { setUp, turn }: CurveTimes): string {
  const kinds: readonly (readonly [string, CurveTimes["turn"]])[] = [
    ["session set-up: bundle → first message read", setUp],
    ["one message each way, a ratchet turn each", turn],
  ];
  const measures: readonly Measure[] = kinds.flatMap(([name, { native, library }]) => [
    { name: `${name}, the browser's curve`, samples: native },
    { name: `${name}, the library's curve`, samples: library },
  ]);
  const factors = kinds.map(([name, { native, library }]) => {
    const factor = median(library) / median(native);
    return [name, `${factor.toFixed(1)} × faster`, `${GOAL_FACTOR} ×`, factor >= GOAL_FACTOR ? "met" : "MISSED"];
  });
  const compared = table([["the same code, by its curve", "", "goal", ""], ...factors]);
  return `${measuresTable(where, measures)}\n${compared}`;
}

async function ask<R extends JobRequest>(page: Page, request: R): Promise<Measured<R["name"]>> {
  const answer = page.evaluate((asked) => {
    const { measure } = globalThis as unknown as { measure: (request: unknown) => Promise<unknown> };
    return measure(asked);
  }, request);
  return (await answer) as Measured<R["name"]>;
}

/** The bench's page, built as the real one is but with the library's own curve in it, in a fresh profile. */
async function inChromium<T>(job: (page: Page) => Promise<T>): Promise<T> {
  const outDir = await mkdtemp(join(tmpdir(), "alcove-bench-"));
  const config = {
    configFile: false,
    root: fileURLToPath(new URL("omemo", import.meta.url)),
    logLevel: "error",
    worker: { format: "es" },
    build: { outDir, target: "es2023", emptyOutDir: true },
  } as const;
  try {
    await build(config);
    const server = await preview({ ...config, preview: { host: "localhost", port: PORT } });
    const browser = await launchBrowser("chromium");
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(0);
      await page.goto(server.resolvedUrls?.local[0] ?? "");
      await page.waitForSelector("[data-ready]");
      return await job(page);
    } finally {
      await browser.close();
      await server.close();
    }
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
