import assert from "node:assert/strict";
import { test } from "node:test";
import type { Seq, Time } from "../../../worker/contract/names.ts";
import type { Blocks } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";
import { takeHeads } from "./heads.ts";

const HOUR_MS = 60 * 60 * 1_000;
const NOW = Date.UTC(2026, 10, 27) as Time;

/** A store with hashes of the blocks up to this one, told at a moment up to another one. */
function storeOf(newest: number, told?: { readonly upTo: number; readonly at: Time }) {
  const done = [newest - 1, newest].map((block) => ({ block, hash: "00".repeat(16) }));
  let blocks: Blocks = { name: "blocks", epoch: "epoch", last: (newest * 32) as Seq, done };
  if (told) blocks = { ...blocks, toldUpTo: told.upTo, toldAt: told.at };
  const put = (_store: string, row: Blocks) => {
    blocks = row;
  };
  return { unit: { meta: async () => blocks, put } as unknown as Unit, blocks: () => blocks };
}

test("S12: others are told again after six hours, and not before", async () => {
  const early = storeOf(9, { upTo: 8, at: NOW - 6 * HOUR_MS + 1 });
  assert.equal(await takeHeads(early.unit, NOW), undefined);
  assert.equal(early.blocks().toldUpTo, 8, "what was not told is still to be told");
  const due = storeOf(9, { upTo: 8, at: NOW - 6 * HOUR_MS });
  assert.ok((await takeHeads(due.unit, NOW)) !== undefined);
  assert.deepEqual([due.blocks().toldUpTo, due.blocks().toldAt], [9, NOW]);
  assert.equal(await takeHeads(due.unit, NOW + HOUR_MS), undefined);
});

test("S12: others are told at once of the first block, and never twice of the same", async () => {
  assert.ok((await takeHeads(storeOf(2).unit, NOW)) !== undefined);
  assert.equal(await takeHeads(storeOf(9, { upTo: 9, at: NOW - 24 * HOUR_MS }).unit, NOW), undefined);
});
