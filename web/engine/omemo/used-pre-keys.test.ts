import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planPreKeys } from "./used-pre-keys.ts";

const MINUTE = 60 * 1_000;
const NOW = 1_000_000 * MINUTE;
const ago = (minutes: number) => NOW - minutes * MINUTE;

describe("a pre-key that was used", () => {
  it("is replaced at once", () => {
    assert.deepEqual(planPreKeys([{ id: 1, used: ago(0) }], 100, NOW), { fresh: 1, expired: [] });
    assert.deepEqual(planPreKeys([{ id: 1, used: ago(1) }], 101, NOW), { fresh: 0, expired: [] });
  });

  it("opens until ten minutes after the bundle without it was published", () => {
    const used = (minutes: number) => ({ id: 7, used: ago(60), withdrawn: ago(minutes) });
    assert.deepEqual(planPreKeys([used(9)], 101, NOW).expired, []);
    assert.deepEqual(planPreKeys([used(10)], 101, NOW).expired, [7]);
  });

  it("is gone after a day where nothing can be published", () => {
    assert.deepEqual(planPreKeys([{ id: 7, used: ago(23 * 60) }], 101, NOW).expired, []);
    assert.deepEqual(planPreKeys([{ id: 7, used: ago(24 * 60) }], 101, NOW).expired, [7]);
  });
});
