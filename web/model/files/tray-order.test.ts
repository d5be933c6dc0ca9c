import assert from "node:assert/strict";
import { test } from "node:test";
import { moved, placeByKey } from "./tray-order.ts";

test("one is put into another place, and the others keep their order", () => {
  const all = ["a", "b", "c", "d"];
  const rows: readonly [number, number, string][] = [
    [0, 2, "bcad"],
    [3, 0, "dabc"],
    [1, 9, "acdb"],
    [2, -4, "cabd"],
    [1, 1, "abcd"],
    [7, 0, "abcd"],
  ];
  for (const [from, to, order] of rows) assert.equal(moved(all, from, to).join(""), order, `${from} to ${to}`);
  assert.equal(moved(all, 1, 1), all, "the same list where nothing is another");
});

test("arrows lead to the neighbour as it is seen, Home and End to the ends", () => {
  assert.equal(placeByKey("ArrowRight", 1, 4, false), 2);
  assert.equal(placeByKey("ArrowRight", 1, 4, true), 0);
  assert.equal(placeByKey("ArrowLeft", 1, 4, true), 2);
  assert.equal(placeByKey("ArrowUp", 1, 4, true), 0);
  assert.equal(placeByKey("Home", 3, 4, false), 0);
  assert.equal(placeByKey("End", 0, 4, false), 3);
  assert.equal(placeByKey("Enter", 0, 4, false), undefined);
});
