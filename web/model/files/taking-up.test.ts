import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";
import type { VoiceState } from "./recording.ts";
import { TakingUp } from "./taking-up.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A conversation with what pages have left in it; its composer is free until the test writes. */
function given(words: readonly string[]) {
  const waiting = [...words];
  const now = signal<VoiceState>({ state: "idle" });
  const shown: string[] = [];
  const left: string[] = [];
  let [free, reads] = [true, Promise.resolve()];
  const recording = {
    now,
    restore: async (recorded: Blob) => {
      shown.push(await recorded.text());
      now.value = { state: "finishing" };
    },
  };
  const taking = new TakingUp({
    recording,
    left: async () => {
      await reads;
      const next = waiting.shift();
      const keeping = {
        ...{ kept: true, written: Promise.resolve(), add: () => undefined, drop: () => undefined },
        leave: () => left.push(next ?? ""),
      };
      return next === undefined ? undefined : { recorded: new Blob([next]), keeping };
    },
    isFree: () => free && now.peek().state === "idle",
  });
  const writes = (something: boolean) => {
    free = !something;
  };
  /** The disk says nothing until what this gives is called. */
  const slow = () => {
    let go: () => void = () => undefined;
    reads = new Promise((resolve) => {
      go = resolve;
    });
    return () => go();
  };
  /** It was sent, or thrown away. */
  const over = async () => {
    now.value = { state: "idle" };
    for (let n = 0; n < 5; n++) await turn();
  };
  const comes = async () => {
    drop(taking.look());
    for (let n = 0; n < 5; n++) await turn();
  };
  return { taking, shown, left, writes, slow, over, comes };
}

test("the oldest comes up, and the next one when that is over", async () => {
  const { shown, over, comes } = given(["one", "two"]);
  await comes();
  assert.deepEqual(shown, ["one"]);
  await comes();
  assert.deepEqual(shown, ["one"], "it stands there still");
  await over();
  assert.deepEqual(shown, ["one", "two"]);
  await over();
  await comes();
  assert.deepEqual(shown, ["one", "two"]);
});

test("where somebody writes it waits until they come again with nothing written", async () => {
  const { shown, writes, comes } = given(["one"]);
  writes(true);
  await comes();
  writes(false);
  assert.deepEqual(shown, [], "what they have sent is no reason to stop them from writing on");
  await comes();
  assert.deepEqual(shown, ["one"]);
});

test("whoever began to write while the disk was read is not stopped, and nothing is lost", async () => {
  const { taking, shown, left, writes, slow, comes } = given(["one", "two"]);
  const go = slow();
  await comes();
  writes(true);
  go();
  await comes();
  assert.deepEqual(shown, []);
  writes(false);
  await comes();
  assert.deepEqual(shown, ["one"]);
  taking.end();
  assert.deepEqual(left, []);
});

test("what waits when its account is gone is left for the next page", async () => {
  const { taking, left, writes, slow, comes } = given(["one"]);
  const go = slow();
  await comes();
  writes(true);
  go();
  await comes();
  taking.end();
  assert.deepEqual(left, ["one"]);
});
