import assert from "node:assert/strict";
import { test } from "node:test";
import type { RetryMemory, RetryState } from "../store/meta.ts";
import { Retries } from "./retry.ts";

const LOST = { kind: "connection-lost" } as const;
const WRONG = { kind: "wrong-password" } as const;

/** A storage, and what an object makes of it after a reset. */
function memory(): RetryMemory & { readonly kept: () => RetryState | undefined } {
  let kept: RetryState | undefined;
  return {
    kept: () => kept,
    load: () => kept,
    save: (state) => {
      kept = state;
    },
  };
}

test("a lost connection is tried again, later each time, and a reset does not start over", () => {
  const storage = memory();
  const retries = new Retries(storage);
  const waits = [LOST, LOST, LOST, LOST, LOST, LOST].map((failure) => {
    const state = retries.failed(failure);
    assert.equal(state.state, "waiting");
    return state.state === "waiting" ? state.until - Date.now() : 0;
  });
  assert.ok((waits.at(-1) ?? 0) > (waits[0] ?? 0) * 4, waits.join());
  assert.equal(retries.stopped, false);
  const after = new Retries(storage);
  assert.deepEqual(after.restore(), { state: "waiting", until: storage.kept()?.until, failure: LOST });
  after.failed(LOST);
  assert.equal(storage.kept()?.failures, 7);
});

test("what trying again does not mend is not tried again, after a reset neither", () => {
  const storage = memory();
  assert.deepEqual(new Retries(storage).failed(WRONG), { state: "off", failure: WRONG });
  const after = new Retries(storage);
  assert.deepEqual(after.restore(), { state: "off", failure: WRONG });
  assert.equal(after.stopped, true);
});

test("a stream that can be used ends all that, one that only stands does not", () => {
  const storage = memory();
  const retries = new Retries(storage);
  retries.failed(WRONG);
  retries.connected();
  assert.equal(retries.stopped, false);
  assert.equal(storage.kept()?.failures, 1);
  retries.recovered();
  assert.equal(storage.kept(), undefined);
  assert.equal(new Retries(storage).restore(), undefined);
});
