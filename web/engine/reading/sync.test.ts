import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../../worker/contract/entries.ts";
import type { ServerFrame } from "../../../worker/contract/frames.ts";
import type { BareJid, Seq } from "../../../worker/contract/names.ts";
import { takeNext } from "./sync.ts";

const entry = (seq: number) =>
  ({ kind: "policy", seq, id: `e${seq}`, chat: "bob@b.example", encrypted: true }) as Entry;
const page = (...seqs: readonly number[]) =>
  ({ type: "entries", entries: seqs.map(entry), head: seqs.at(-1) as Seq }) satisfies ServerFrame;
const devices: ServerFrame = { type: "devices", jid: "bob@b.example" as BareJid, devices: [] };

test("entries that wait behind each other are one page, up to the limit", () => {
  const waiting = [page(1), page(2, 3), page(4), page(5)];
  assert.deepEqual(takeNext(waiting, 4), page(1, 2, 3, 4));
  assert.deepEqual(takeNext(waiting, 4), page(5));
  assert.equal(takeNext(waiting, 4), undefined);
});

test("nothing overtakes a frame of another kind", () => {
  const waiting = [page(1), devices, page(2), page(3)];
  assert.deepEqual(takeNext(waiting, 10), page(1));
  assert.deepEqual(takeNext(waiting, 10), devices);
  assert.deepEqual(takeNext(waiting, 10), page(2, 3));
});

test("a page above the limit is taken whole", () => {
  assert.deepEqual(takeNext([page(1, 2, 3), page(4)], 2), page(1, 2, 3));
});
