/**
 * `npm run fuzz -- --inputs 1000000 --seed N [--only XML]`: so many streams of XML, and of everything else a part of that.
 * Ends with 1 unless nothing crashed, hung, or was read otherwise than the slow readings have it.
 */
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { inputOf, type Outcome, reportOf } from "./run.ts";
import { literal } from "./shrink.ts";
import { TARGETS } from "./targets.ts";
import type { Work } from "./thread.ts";

const MOST_SEEDS = 1_000_000;
/** Longer than a finding is made small. */
const STANDSTILL_MS = 20_000;
const LOOK_MS = 500;

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "20000" },
    seed: { type: "string", default: `${Date.now() % MOST_SEEDS}` },
    only: { type: "string", default: "" },
  },
});
const place = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
const work: Work = { inputs: Number(values.inputs), seed: Number(values.seed), only: values.only, place };
const say = (line: string) => void process.stdout.write(`${line}\n`);
say(`Seed ${work.seed}`);
let [inputs, bad] = [0, 0];
const thread = new Worker(new URL("./thread.ts", import.meta.url), { workerData: work });
thread.on("message", (outcome: Outcome) => {
  say(reportOf(outcome));
  inputs += outcome.inputs;
  bad += outcome.counts.crash + outcome.counts.hang + outcome.counts.wrong;
});

let [seen, since] = ["", performance.now()];
const watch = setInterval(() => {
  if (seen !== place.join()) [seen, since] = [place.join(), performance.now()];
  const target = TARGETS[place[0] ?? 0];
  if (target === undefined || performance.now() - since < STANDSTILL_MS) return;
  say(`${target.name}: does not end with ${literal(inputOf(target, work.seed, place[1] ?? 0))}`);
  process.exit(1);
}, LOOK_MS);

thread.once("exit", (code) => {
  clearInterval(watch);
  say(`${inputs} inputs, ${bad} findings`);
  process.exitCode = code === 0 && inputs > 0 && bad === 0 ? 0 : 1;
});
