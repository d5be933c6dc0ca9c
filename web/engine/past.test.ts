import assert from "node:assert/strict";
import { test } from "node:test";
import type { Position, Seq } from "../../worker/contract.ts";
import { type Arrival, type Here, isFromBefore } from "./past.ts";

const HERE: Here = { createdAt: 1_000, joined: { epoch: "one", head: 50 as Seq }, last: 7 as Position };

const arrival = (change: Partial<Arrival>): Arrival => ({
  at: 500,
  position: -20 as Position,
  epoch: "one",
  seq: 60 as Seq,
  ...change,
});

test("an older page that comes later is history, whatever its place in the log", () => {
  assert.equal(isFromBefore(arrival({}), HERE), true);
  assert.equal(isFromBefore(arrival({ position: 3 as Position }), HERE), true);
  assert.equal(isFromBefore(arrival({ seq: 10 as Seq, position: 8 as Position }), HERE), true);
  assert.equal(isFromBefore(arrival({}), { ...HERE, last: undefined }), true);
  assert.equal(isFromBefore(arrival({}), { ...HERE, joined: undefined }), true);
});

test("what was written since this browser came is news, also when it fills a gap below what is there", () => {
  assert.equal(isFromBefore(arrival({ at: 1_000 }), HERE), false);
  assert.equal(isFromBefore(arrival({ at: 2_000, position: 3 as Position }), HERE), false);
});

test("where this browser's clock runs ahead, a message above all others is still news", () => {
  assert.equal(isFromBefore(arrival({ at: 999, position: 8 as Position }), HERE), false);
  assert.equal(isFromBefore(arrival({ at: 999, position: 8 as Position, epoch: "two", seq: 10 as Seq }), HERE), false);
});
