import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { planWatch, type Watched } from "./watching.ts";

const ids = (...list: readonly number[]) => list as readonly DeviceId[];
const range = (from: number, count: number) => Array.from({ length: count }, (_, at) => (from + at) as DeviceId);

/** Device 1 was there when this browser came. */
const NOTHING: Watched = {
  listed: ids(1),
  own: { name: "ownDevices", known: ids(1), first: ids(1) },
  asked: [],
  answered: [],
  waiting: [],
  gone: [],
  isDecided: () => false,
};

test("T42: a device that comes is asked about; one that was there is not", () => {
  const plan = planWatch({ ...NOTHING, listed: ids(1, 2) });
  assert.deepEqual([plan.ask, plan.waiting, plan.gone], [ids(2), [], []]);
  assert.deepEqual(plan.own.known, ids(1, 2));
});

test("T42: of many three are asked about, the next when one of those was answered or has left", () => {
  const first = planWatch({ ...NOTHING, listed: range(1, 9) });
  assert.deepEqual([first.ask, first.waiting], [range(2, 3), range(5, 5)]);
  assert.equal(first.own.known.includes(5 as DeviceId), false, "it is still to be asked about");
  const next = planWatch({ ...NOTHING, ...first, listed: range(1, 9), asked: range(3, 2) });
  assert.deepEqual([next.ask, next.waiting], [ids(5), range(6, 4)]);
});

test("T42: those that leave undecided are counted, each once, and are new when they come back", () => {
  const asked = { ...NOTHING, own: { ...NOTHING.own, known: ids(1, 2, 3) }, asked: ids(2), answered: ids(3) };
  const left = planWatch({ ...asked, waiting: ids(4), gone: ids(2, 5) });
  assert.deepEqual([left.gone, left.withdraw], [ids(2, 5, 4), ids(2, 3)]);
  assert.deepEqual(left.own.known, ids(1));
  const back = planWatch({ ...NOTHING, ...left, listed: ids(1, 2) });
  assert.deepEqual([back.ask, back.gone], [ids(2), ids(5, 4)]);
});

test("S4: one that was allowed or refused stays known while it is off the list", () => {
  const own = { ...NOTHING.own, known: ids(1, 2) };
  const isDecided = (device: DeviceId) => device === 2;
  assert.deepEqual(planWatch({ ...NOTHING, own, isDecided }).own.known, ids(1, 2));
  assert.deepEqual(planWatch({ ...NOTHING, own, isDecided, listed: ids(1, 2) }).ask, []);
});
