/**
 * `npm run kills -- --rounds 100 --seed N`: the whole browser is killed at random moments of a busy conversation, the
 * same ones for the same seed; ends with 1 unless nothing is torn, lost or doubled and no key was used twice.
 */
import { parseArgs } from "node:util";
import { isClean, reportOf } from "./report.ts";
import { runKills } from "./run.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();
const MOST_SEEDS = 1_000_000;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: `${Date.now() % MOST_SEEDS}` },
  },
});
// Steps of puppeteer's own that were under way when the browser died: nobody waits for them, and they ended with it.
process.on("unhandledRejection", (error) => {
  if (!(error instanceof Error && error.name === "TargetCloseError")) throw error;
});
const options = { rounds: Number(values.rounds), seed: Number(values.seed), basePort: BASE_PORT };
const say = (line: string) => void process.stdout.write(`${line}\n`);
say(`Seed ${options.seed}`);
const result = await runKills({ ...options, say });
say(reportOf(options, result));
process.exitCode = isClean(options, result) ? 0 : 1;
