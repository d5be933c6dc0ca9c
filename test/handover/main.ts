/**
 * `npm run handover -- --rounds 200 --seed N`: histories that are handed over while pages are closed, roads are cut, the disk is
 * full and browsers are paused, cancelled and revoked; the same ones for the same seed. Ends with 1 unless every row is there
 * once, with its own text or none, and each handover came to an end that is said.
 */
import { parseArgs } from "node:util";
import { playRound } from "../../web/engine/handover/testing/round.ts";

const MOST_SEEDS = 1_000_000;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    messages: { type: "string", default: "400" },
    faults: { type: "string", default: "8" },
    seed: { type: "string", default: `${Date.now() % MOST_SEEDS}` },
  },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);
const seed = Number(values.seed);
const ends = new Map<string, number>();
let failed = 0;
say(`Seed ${seed}`);
for (let round = 0; round < Number(values.rounds); round += 1) {
  try {
    const played = await playRound(seed + round, { messages: Number(values.messages), faults: Number(values.faults) });
    for (const end of played.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
  } catch (error) {
    failed += 1;
    say(`round of seed ${seed + round}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
say(`${values.rounds} rounds, ${failed} wrong. Ends: ${[...ends].map(([end, times]) => `${end} ${times}`).join(", ")}`);
process.exit(failed === 0 ? 0 : 1);
