import assert from "node:assert/strict";
import { test } from "node:test";
import { BROWSERS, FAULT_KINDS, makePlan } from "./plan.ts";

test("the same seed is the same run, another seed another one", () => {
  const wanted = { messages: 500, faults: 60, seed: 7 };
  assert.deepEqual(makePlan(wanted), makePlan(wanted));
  assert.notDeepEqual(makePlan(wanted).faults, makePlan({ ...wanted, seed: 8 }).faults);
});

test("a short run has every kind of fault, a long one draws by weight", () => {
  const short = makePlan({ messages: 150, faults: FAULT_KINDS.length, seed: 1 });
  assert.deepEqual(new Set(short.faults.map(({ fault }) => fault.kind)), new Set(FAULT_KINDS));
  const long = makePlan({ messages: 10_000, faults: 1_000, seed: 1 });
  const kinds = long.faults.map(({ fault }) => fault.kind);
  const times = (kind: string) => kinds.filter((other) => other === kind).length;
  assert.equal(kinds.length, 1_000);
  assert.ok(times("reset-in-turn") > times("kill-worker"));
});

test("faults are spread over the messages, in order", () => {
  const { faults } = makePlan({ messages: 1_000, faults: 100, seed: 3 });
  const places = faults.map(({ after }) => after);
  assert.deepEqual(
    places,
    places.toSorted((one, other) => one - other),
  );
  assert.ok(places.every((after, index) => after >= index * 10 && after < (index + 1) * 10));
});

test("every browser counts its own messages from 1 and no text comes twice", () => {
  const { messages } = makePlan({ messages: 400, faults: 0, seed: 5 });
  for (const browser of BROWSERS) {
    const numbers = messages.filter((message) => message.browser === browser).map(({ number }) => number);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  }
  assert.equal(new Set(messages.map(({ text }) => text)).size, messages.length);
});
