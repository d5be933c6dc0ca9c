/** A part of the corpus by a real server and the real engine; all of it: `npm run xss -- --real`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PAYLOADS } from "./payloads.ts";
import { RealStage } from "./real.ts";

/** Of each kind the first. */
const SAMPLE = Object.values(PAYLOADS).flatMap(([first]) => first ?? []);

let stage: RealStage;
before(async () => {
  stage = await RealStage.open();
});
after(() => stage?.close());

test("T59: hostile words of peers on a real server are words: nothing runs, nothing is refused, nothing is asked for", async () => {
  const count = await stage.run(SAMPLE);
  assert.deepEqual(count.executions, []);
  assert.deepEqual(count.reports, []);
  assert.deepEqual(count.requests, []);
  assert.deepEqual(count.broken, []);
  assert.deepEqual(count.missing, [], "every text stood in every place");
  assert.equal(Object.keys(count.shown).length, 13);
});
