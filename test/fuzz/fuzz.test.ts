/** A short run over everything that reads what others wrote; `npm run fuzz` is the long one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz, HANG_MS, reportOf, workedMs } from "./run.ts";
import { compared, TAKEN, type Target } from "./target.ts";
import { TARGETS } from "./targets.ts";

const INPUTS = 10_000;
const SEED = 1;

for (const target of TARGETS) {
  test(`${target.name}: nothing crashes, hangs, or is read otherwise than by the slow reading`, async () => {
    const outcome = await fuzz(target, { inputs: Math.ceil(INPUTS * target.share), seed: SEED });
    assert.deepEqual(outcome.counts, { crash: 0, hang: 0, wrong: 0 }, reportOf(outcome));
    assert.ok(outcome.taken > outcome.inputs / 10, `only ${outcome.taken} of ${outcome.inputs} were taken`);
  });
}

/** A reader with every kind of fault. */
const FAULTY: Target<string> = {
  name: "faulty",
  share: 1,
  make: (random) => `${random.pick(["ab", "xy", "hh"])}${random.pick(["", "x", "h", "w"])}`,
  run: (input) => {
    if (input.includes("x")) throw new TypeError("x");
    for (const until = workedMs() + HANG_MS + 10; input.includes("h") && workedMs() < until; );
    return input.replace("w", "");
  },
  judge: (input, output) => (input.includes("w") ? compared(output, input) : TAKEN),
};

test("a crash, a hang and a wrong reading are each found, counted and made small", async () => {
  const { counts, findings } = await fuzz(FAULTY, { inputs: 12, seed: SEED });
  assert.ok(counts.crash > 0 && counts.hang > 0 && counts.wrong > 0);
  for (const [kind, input] of Object.entries({ crash: "x", hang: "h", wrong: "w" }))
    assert.ok(
      findings.some((finding) => finding.kind === kind && finding.input === input),
      kind,
    );
});

test("the same seed is the same run, another seed another one", async () => {
  const inputs = async (seed: number) => {
    const seen: string[] = [];
    await fuzz(
      { ...FAULTY, run: (input: string) => `${seen.push(input)}`, judge: () => TAKEN },
      {
        inputs: 20,
        seed,
      },
    );
    return seen;
  };
  assert.deepEqual(await inputs(7), await inputs(7));
  assert.notDeepEqual(await inputs(7), await inputs(8));
});
