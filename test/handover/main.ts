/**
 * `npm run handover -- --rounds 200 --seed N`: histories that are handed over while pages are closed, roads are cut, the disk is
 * full and browsers are paused, cancelled and revoked; the same ones for the same seed. Ends with 1 unless every row is there
 * once, with its own text or none, and each handover came to an end that is said. `--browsers`: the same with real ones and real
 * servers, half a minute a round, where browsers are killed and objects are reset as well; `--only 3,7`: of its rounds these alone.
 * `--letting-in`: how a new browser is let in, while either page is loaded anew at any moment.
 */
import { parseArgs } from "node:util";
import { claimPorts } from "../xmpp-server/ports.ts";
import { runBrowsers } from "./browsers.ts";
import { interruptionsOf, playInterrupted } from "../../web/engine/siblings/testing/interrupted.ts";
import { Random } from "../faults/random.ts";
import { playRound } from "../../web/engine/handover/testing/round.ts";

const MOST_SEEDS = 1_000_000;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    messages: { type: "string", default: "400" },
    faults: { type: "string", default: "8" },
    "letting-in": { type: "boolean", default: false },
    browsers: { type: "boolean", default: false },
    only: { type: "string" },
    seed: { type: "string", default: `${Date.now() % MOST_SEEDS}` },
  },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);
const seed = Number(values.seed);
const rounds = Number(values.rounds);
say(`Seed ${seed}`);
const play = values.browsers ? playBrowsers : values["letting-in"] ? playLettingIn : playStores;
process.exit((await play()) ? 0 : 1);

async function playLettingIn(): Promise<boolean> {
  let failed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const random = new Random(seed + round);
    try {
      await playInterrupted(interruptionsOf(() => random.fraction()));
    } catch (error) {
      failed += 1;
      say(`round of seed ${seed + round}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  say(`${rounds} rounds, ${failed} wrong.`);
  return failed === 0;
}

async function playBrowsers(): Promise<boolean> {
  const basePort = await claimPorts();
  const only = values.only?.split(",").map(Number);
  const wrong = await runBrowsers({ rounds, seed, messages: Number(values.messages), basePort, only, say });
  for (const words of wrong) say(words);
  say(`${only?.length ?? rounds} rounds, ${wrong.length} wrong.`);
  return wrong.length === 0;
}

async function playStores(): Promise<boolean> {
  const ends = new Map<string, number>();
  let failed = 0;
  for (let round = 0; round < rounds; round += 1) {
    try {
      const played = await playRound(seed + round, {
        messages: Number(values.messages),
        faults: Number(values.faults),
      });
      for (const end of played.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
    } catch (error) {
      failed += 1;
      say(`round of seed ${seed + round}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  say(`${rounds} rounds, ${failed} wrong. Ends: ${[...ends].map(([end, times]) => `${end} ${times}`).join(", ")}`);
  return failed === 0;
}
