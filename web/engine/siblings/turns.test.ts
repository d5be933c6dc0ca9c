import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { PeerTurns } from "./turns.ts";

const [A, B] = [1 as DeviceId, 2 as DeviceId];

test("what waits for one browser holds no other up, and what is about one is done in its order", async () => {
  const turns = new PeerTurns();
  const done: string[] = [];
  let release = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = turns.next(A, async () => {
    await slow;
    done.push("a first");
  });
  const second = turns.next(A, async () => void done.push("a second"));
  await turns.next(B, async () => void done.push("b"));
  assert.deepEqual(done, ["b"]);
  release();
  await Promise.all([first, second]);
  assert.deepEqual(done, ["b", "a first", "a second"]);
});

test("what fails stops nothing that comes after it, and says so to whoever asked", async () => {
  const turns = new PeerTurns();
  const failed = turns.next(A, () => Promise.reject(new Error("no")));
  const next = turns.next(A, () => Promise.resolve("yes"));
  await assert.rejects(failed, /no/);
  assert.equal(await next, "yes");
});
