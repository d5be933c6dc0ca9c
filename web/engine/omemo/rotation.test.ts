import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planRotation } from "./rotation.ts";

const DAY = 24 * 60 * 60 * 1_000;
const NOW = 1_000 * DAY;
const made = (id: number, daysAgo: number) => ({ id, createdAt: NOW - daysAgo * DAY });

describe("the signed pre-key", () => {
  it("is replaced after 28 days, not before", () => {
    assert.deepEqual(planRotation([made(1, 27)], NOW), { fresh: undefined, expired: [] });
    assert.deepEqual(planRotation([made(1, 28)], NOW), { fresh: 2, expired: [] });
    assert.deepEqual(planRotation([made(1, 400)], NOW), { fresh: 2, expired: [] });
  });

  it("opens for 28 days more what was started with it", () => {
    assert.deepEqual(planRotation([made(2, 27), made(1, 55)], NOW), { fresh: undefined, expired: [] });
    assert.deepEqual(planRotation([made(2, 28), made(1, 56)], NOW), { fresh: 3, expired: [1] });
    assert.deepEqual(planRotation([made(3, 1), made(2, 30), made(1, 90)], NOW), { fresh: undefined, expired: [1] });
  });

  it("is left alone by a clock that was put back", () => {
    assert.deepEqual(planRotation([made(1, -300)], NOW), { fresh: undefined, expired: [] });
    assert.deepEqual(planRotation([], NOW), { fresh: undefined, expired: [] });
  });
});
