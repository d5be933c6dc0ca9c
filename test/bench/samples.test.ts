import assert from "node:assert/strict";
import { test } from "node:test";
import { cellsOf, median, quantile, table } from "./samples.ts";

test("the median of an even number of samples lies between the two in the middle", () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([9, 1, 5]), 5);
});

test("one slow sample moves the extreme and nothing else", () => {
  const samples = [10, 11, 12, 13, 900];
  assert.equal(quantile(samples, 0.25), 11);
  assert.equal(median(samples), 12);
  assert.equal(quantile(samples, 1), 900);
});

test("a goal is met by the median, and missed aloud", () => {
  assert.equal(cellsOf({ name: "", samples: [59, 60, 61], goalMs: 60 }).at(-1), "met");
  assert.equal(cellsOf({ name: "", samples: [60, 61, 62], goalMs: 60 }).at(-1), "MISSED");
});

test("no samples meet no goal", () => {
  assert.equal(cellsOf({ name: "", samples: [], goalMs: 60 }).at(-1), "MISSED");
});

test("columns stand below each other", () => {
  assert.equal(
    table([
      ["a", "median"],
      ["longer", "1.0 ms"],
    ]),
    "a       median\nlonger  1.0 ms",
  );
});
