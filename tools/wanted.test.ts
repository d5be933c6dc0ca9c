import assert from "node:assert/strict";
import { test } from "node:test";
import { isWanted, readWanted } from "./wanted.ts";

const PHASES = ["programs", "build", "types", "unit", "system"];
const GROUND = ["programs", "build"];

const asked: readonly { readonly words: string; readonly run: readonly string[]; readonly filters?: string[] }[] = [
  { words: "", run: PHASES },
  { words: "types", run: ["types"] },
  { words: "system", run: ["programs", "build", "system"] },
  { words: "unit rooms", run: ["unit"], filters: ["rooms"] },
  { words: "e2e/rooms", run: ["programs", "build", "unit", "system"], filters: ["e2e/rooms"] },
  { words: "--times unit", run: ["unit"] },
  { words: "--changed", run: PHASES },
  { words: "--changed HEAD~2", run: PHASES },
  { words: "unit --changed HEAD~2", run: ["unit"] },
];

for (const { words, run, filters = [] } of asked) {
  test(`npm test -- ${words}`, () => {
    const wanted = readWanted(
      words.split(" ").filter((word) => word !== ""),
      PHASES,
    );
    assert.deepEqual(
      PHASES.filter((phase) => isWanted(phase, wanted, GROUND)),
      run,
    );
    assert.deepEqual(wanted.filters, filters);
  });
}

test("what is compared with is where the branch began, or the commit that is named", () => {
  assert.deepEqual(readWanted(["--changed"], PHASES).changed, {});
  assert.deepEqual(readWanted(["--changed", "unit", "HEAD~2"], PHASES).changed, { base: "HEAD~2" });
  assert.equal(readWanted(["unit"], PHASES).changed, undefined);
});

test("an option that is not there and a word too many are refused, not ignored", () => {
  assert.throws(() => readWanted(["--chnaged"], PHASES), /no --chnaged/);
  assert.throws(() => readWanted(["--changed", "HEAD", "e2e/rooms"], PHASES), /one word too many/);
});
