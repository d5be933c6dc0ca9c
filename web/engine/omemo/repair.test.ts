import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { planRepairs } from "./repair.ts";

const HOUR = 60 * 60 * 1_000;
const NOW = 1_000 * HOUR;
const device = (number: number) => ({ jid: "bob@b.example" as BareJid, device: number as DeviceId });
const tried = (number: number, hoursAgo: number) => ({ ...device(number), at: NOW - hoursAgo * HOUR });
const many = (count: number) => Array.from({ length: count }, (_, at) => device(at + 1));

describe("repairs of sessions", () => {
  it("are made once a day for one device", () => {
    assert.deepEqual(planRepairs({ wanted: [device(1)], attempts: [] }, NOW).due, [device(1)]);
    assert.deepEqual(planRepairs({ wanted: [device(1)], attempts: [tried(1, 23)] }, NOW), { due: [], rest: [] });
    assert.deepEqual(planRepairs({ wanted: [device(1)], attempts: [tried(1, 24)] }, NOW).due, [device(1)]);
    assert.deepEqual(planRepairs({ wanted: [device(2)], attempts: [tried(1, 0)] }, NOW).due, [device(2)]);
  });

  it("are at most ten in an hour; the others wait", () => {
    const { due, rest } = planRepairs({ wanted: many(12), attempts: [] }, NOW);
    assert.deepEqual([due.length, rest.length], [10, 2]);
    const later = planRepairs({ wanted: rest, attempts: due.map((to) => ({ ...to, at: NOW })) }, NOW + HOUR / 2);
    assert.deepEqual([later.due.length, later.rest.length], [0, 2]);
    const after = planRepairs({ wanted: rest, attempts: due.map((to) => ({ ...to, at: NOW })) }, NOW + HOUR);
    assert.deepEqual([after.due.length, after.rest.length], [2, 0]);
  });

  it("are not made more often by a clock that was put back", () => {
    assert.deepEqual(planRepairs({ wanted: [device(1)], attempts: [tried(1, -100)] }, NOW), { due: [], rest: [] });
  });
});
