/** Rounds with faults, each from one number; many of them are `npm run handover`. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { playRound } from "./testing/round.ts";

for (const seed of [1, 2, 3, 4, 5, 6]) {
  it(`whatever is closed, cut, full, paused or revoked meanwhile: no row is wrong, doubled or lost (seed ${seed})`, async () => {
    const { ends } = await playRound(seed, { messages: 120, faults: 6 });
    assert.equal(ends.length, 2);
  });
}
