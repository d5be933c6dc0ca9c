import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, makePlan, STRIKE_KINDS } from "./plan.ts";

test("the same seed is the same plan, another seed another", () => {
  assert.deepEqual(makePlan({ rounds: 50, seed: 7 }), makePlan({ rounds: 50, seed: 7 }));
  assert.notDeepEqual(makePlan({ rounds: 50, seed: 7 }), makePlan({ rounds: 50, seed: 8 }));
});

test("a short plan has every kind of strike, a long one all of them again and again", () => {
  const kinds = (rounds: number) => makePlan({ rounds, seed: 1 }).map(({ strike }) => strike.kind);
  assert.deepEqual(kinds(STRIKE_KINDS.length).sort(), [...STRIKE_KINDS].sort());
  for (const kind of STRIKE_KINDS) assert.ok(kinds(100).filter((one) => one === kind).length > 5, kind);
});

test("some strike at the very moment, some a little later", () => {
  const counted = makePlan({ rounds: 100, seed: 1 }).filter(({ strike }) => strike.kind !== "opening");
  assert.ok(counted.some(({ strike }) => strike.afterMs === 0));
  assert.ok(counted.some(({ strike }) => strike.afterMs > 0));
  assert.ok(counted.every(({ bursts }) => bursts.every((size) => size > 0)));
});

test("a strike is told in words", () => {
  assert.equal(describe({ kind: "answer", count: 7, afterMs: 12 }), "answer 7, +12 ms");
  assert.equal(describe({ kind: "opening", afterMs: 300 }), "opening +300 ms");
});
