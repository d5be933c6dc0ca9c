/**
 * `npm run bench [-- name …]`: how long people wait, against a real Prosody, the Worker in real workerd and real
 * browsers, all on this machine. Prints medians with their spread beside the goals; names choose some of it. For `trace`:
 * `--messages 10,1000` (how long the conversation is), `--conversations 1`, `--profiles FOLDER` (for `handover`, too); `--only sockets,room`: some of
 * the attacks of `siege`, or of the parts of `ui` or `media`; for `siege`: `--websocket` (between object and server). The Worker runs in workerd alone; `--wrangler`: behind the proxy of `wrangler dev`.
 */
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { ALICE, BOB, startStack, type Stack } from "../stack.ts";
import { measureAbsence } from "./absence.ts";
import { measureDelivery } from "./delivery.ts";
import { measureEntering } from "./entering.ts";
import { measureHandover } from "./handover.ts";
import { measureMedia } from "./media.ts";
import { measureOmemo } from "./omemo.ts";
import { measureOrigins } from "./origins.ts";
import { measureRinging } from "./ringing.ts";
import { measureRoster } from "./roster.ts";
import { measureSearch } from "./search.ts";
import { measureSession } from "./session.ts";
import { measureSiege } from "./siege/siege.ts";
import { measureTrace } from "./trace.ts";
import { measureUi } from "./ui/ui.ts";
import { measureWeight } from "./weight.ts";

const BASE_PORT = 16_900;
/** Signs in and out over and over, so nobody else is to be kept waiting by it. */
const CAROL = { name: "carol", password: "caroling" } as const;
/** Writes with an app that knows nothing of OMEMO. */
const DAVE = { name: "dave", password: "davening" } as const;

const { values: options, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    messages: { type: "string", default: "10,1000" },
    conversations: { type: "string", default: "1" },
    profiles: { type: "string" },
    only: { type: "string" },
    websocket: { type: "boolean", default: false },
    wrangler: { type: "boolean", default: false },
  },
});

/** These ask no server, or have their own. */
const ALONE = {
  weight: measureWeight,
  omemo: measureOmemo,
  siege: () =>
    measureSiege({ only: options.only?.split(",") ?? [], wrangler: options.wrangler, websocket: options.websocket }),
  ringing: measureRinging,
  roster: measureRoster,
  media: () => measureMedia(options.only?.split(",")),
  trace: () =>
    measureTrace({
      sizes: options.messages.split(",").map(Number),
      conversations: Number(options.conversations),
      wrangler: options.wrangler,
      ...(options.profiles !== undefined && { profiles: options.profiles }),
    }),
} as const satisfies Readonly<Record<string, () => Promise<string>>>;

const BENCHES = {
  ...ALONE,
  delivery: measureDelivery,
  entering: (stack: Stack) => measureEntering(stack, CAROL),
  origins: measureOrigins,
  session: measureSession,
  absence: (stack: Stack) => measureAbsence(stack, DAVE),
  ui: (stack: Stack) => measureUi(stack, DAVE, options.only?.split(",") ?? []),
  search: measureSearch,
  handover: (stack: Stack) => measureHandover(stack, { profiles: options.profiles }),
} as const satisfies Readonly<Record<string, (stack: Stack) => Promise<string>>>;

type Bench = keyof typeof BENCHES;

const NAMES = Object.keys(BENCHES) as readonly Bench[];

async function measure(names: readonly Bench[]): Promise<void> {
  print(`Everything on one machine with ${availableParallelism()} processors, load ${load()} before.\n`);
  // A server that has nothing to do is still a neighbour.
  for (const name of names) if (isAlone(name)) await timed(ALONE[name]);
  const together = names.filter((name) => !isAlone(name));
  if (together.length > 0) await withStack(together);
  print(`Load ${load()} after. Another program at work makes every time longer; sizes and requests stay as they are.`);
}

async function withStack(names: readonly Bench[]): Promise<void> {
  const stack = await startStack({
    name: "bench",
    basePort: BASE_PORT,
    endpoint: "starttls",
    accounts: [ALICE, BOB, CAROL, DAVE],
    ...(options.wrangler && { start: startDevWorker }),
  });
  try {
    for (const name of names) await timed(() => BENCHES[name](stack));
  } finally {
    await stack.stop();
  }
}

async function timed(bench: () => Promise<string>): Promise<void> {
  const before = processorTimes();
  print(await bench());
  print(`${busyWords(before, processorTimes())}\n`);
}

function isAlone(name: Bench): name is keyof typeof ALONE {
  return name in ALONE;
}

type ProcessorTimes = { readonly idle: number; readonly all: number };

/** Milliseconds of all processors since the machine started. */
function processorTimes(): ProcessorTimes {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.flatMap(Object.values<number>).reduce((sum, ms) => sum + ms, 0);
  return { idle: times.reduce((sum, { idle }) => sum + idle, 0), all };
}

/** A machine without a rest measures the neighbours too. Nothing to say about what took no time. */
function busyWords(before: ProcessorTimes, after: ProcessorTimes): string {
  const all = after.all - before.all;
  if (all === 0) return "";
  return `The processors were busy ${Math.round(100 * (1 - (after.idle - before.idle) / all))} % of the time.`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

const unknown = asked.filter((name) => !NAMES.some((known) => known === name));
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown.join(", ")}; there are ${NAMES.join(", ")}.`);
  process.exitCode = 2;
} else {
  await measure(asked.length === 0 ? NAMES : NAMES.filter((name) => asked.includes(name)));
}
