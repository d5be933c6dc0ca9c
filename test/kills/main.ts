/**
 * `npm run kills -- --rounds 100 --seed N`: the whole browser is killed at random moments of a busy conversation, the
 * same ones for the same seed; ends with 1 unless nothing is torn, lost or doubled and no key was used twice. `--worker`: a tab and the
 * service worker of a scripted browser that open the same messages, and end while they write.
 */
import { parseArgs } from "node:util";
import { isClean, reportOf } from "./report.ts";
import { runKills } from "./run.ts";
import { playPushedAndKilled } from "../../web/engine/testing/pushed-and-killed.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const MOST_SEEDS = 1_000_000;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    worker: { type: "boolean", default: false },
    seed: { type: "string", default: `${Date.now() % MOST_SEEDS}` },
  },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
const say = (line: string) => void process.stdout.write(`${line}\n`);
say(`Seed ${seed}`);
process.exit((await (values.worker ? playWorker() : playBrowsers())) ? 0 : 1);

async function playWorker(): Promise<boolean> {
  const { wrong, struck, inPeace, texts, engines } = await playPushedAndKilled({ rounds, seed }, say);
  for (const words of wrong) say(words);
  const kills = Object.entries(struck).map(([victim, times]) => `${victim} ${times}`);
  say(`${rounds} rounds, ${wrong.length} wrong. Ended while writing: ${kills.join(", ")}; in peace ${inPeace}.`);
  say(`${texts} texts came while they did, ${engines} engines of tabs have begun.`);
  return wrong.length === 0;
}

async function playBrowsers(): Promise<boolean> {
  // Steps of puppeteer's own that were under way when the browser died: nobody waits for them, and they ended with it.
  process.on("unhandledRejection", (error) => {
    if (!(error instanceof Error && error.name === "TargetCloseError")) throw error;
  });
  const options = { rounds, seed, basePort: await claimPorts() };
  const result = await runKills({ ...options, say });
  say(reportOf(options, result));
  return isClean(options, result);
}
