/**
 * `npm run faults -- --messages 10000 --faults 1000 --seed N`: messages and faults at random, the same ones for the same
 * seed; ends with 1 unless every message is everywhere, once, at one place.
 */
import { parseArgs } from "node:util";
import { isClean, reportOf } from "./report.ts";
import { runFaults } from "./run.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();
const MOST_SEEDS = 1_000_000;

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "10000" },
    faults: { type: "string", default: "1000" },
    seed: { type: "string", default: `${Date.now() % MOST_SEEDS}` },
  },
});
const options = {
  messages: Number(values.messages),
  faults: Number(values.faults),
  seed: Number(values.seed),
  basePort: BASE_PORT,
};
const say = (line: string) => void process.stdout.write(`${line}\n`);
say(`Seed ${options.seed}`);
const result = await runFaults({ ...options, say });
say(reportOf(options, result));
process.exitCode = isClean(result) ? 0 : 1;
