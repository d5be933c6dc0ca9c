import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { type CheckedBundle, choosePreKey } from "./bundle.ts";

const KEY = new Uint8Array(33);

function bundleOf(ids: readonly number[]): CheckedBundle {
  return {
    identityKey: KEY,
    signedPreKey: { id: 1, key: KEY, signature: KEY },
    preKeys: ids.map((id) => ({ id, key: KEY })),
  };
}

function drawn(ids: readonly number[], devices: readonly number[], self: number): ReadonlySet<number> {
  const starters = new Set(devices as readonly DeviceId[]);
  const all = Array.from({ length: 400 }, () => choosePreKey(bundleOf(ids), starters, self as DeviceId).id);
  return new Set(all);
}

test("own browsers that start with one contact at the same moment never pick the same pre-key", () => {
  const ids = Array.from({ length: 100 }, (_, at) => at + 1);
  const devices = [900, 17, 31_337];
  const picked = devices.map((device) => drawn(ids, devices, device));
  for (const [at, one] of picked.entries()) {
    assert.ok(one.size > 20, "each still draws from many");
    for (const other of picked.slice(at + 1))
      assert.deepEqual(
        [...one].filter((id) => other.has(id)),
        [],
      );
  }
});

test("with fewer pre-keys than browsers any will do, and id 0 comes last", () => {
  assert.deepEqual([...drawn([4], [1, 2, 3], 1)], [4]);
  assert.deepEqual([...drawn([0, 5], [1, 2], 1)], [5]);
  assert.deepEqual([...drawn([0], [1], 1)], [0]);
});
