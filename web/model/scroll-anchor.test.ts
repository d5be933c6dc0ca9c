import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterAppend,
  anchorOf,
  correction,
  hiddenOlder,
  type RowWindow,
  shiftNewer,
  shiftOlder,
  sliceOf,
  WINDOW_ROWS,
  windowAtNewest,
} from "./scroll-anchor.ts";

const items = Array.from({ length: 400 }, (_, index) => index);

test("a conversation opens at its newest rows", () => {
  assert.equal(sliceOf(items, windowAtNewest(items.length)).at(-1), 399);
  assert.deepEqual(sliceOf([1, 2], windowAtNewest(2)), [1, 2]);
});

test("scrolling to the beginning and back shows every row and never mounts more than the limit", () => {
  let window = windowAtNewest(items.length);
  const seen = new Set(sliceOf(items, window));
  while (hiddenOlder(items.length, window) > 0) {
    window = shiftOlder(window, items.length);
    assert.ok(window.shown <= WINDOW_ROWS);
    for (const item of sliceOf(items, window)) seen.add(item);
  }
  assert.equal(seen.size, items.length);
  while (window.newer > 0) window = shiftNewer(window);
  assert.equal(sliceOf(items, window).at(-1), 399);
});

test("a new message while reading older ones changes nothing in sight", () => {
  const window: RowWindow = { newer: 50, shown: 150 };
  assert.deepEqual(sliceOf([...items, 400], afterAppend(window, 1, false)), sliceOf(items, window));
  const full: RowWindow = { newer: 0, shown: WINDOW_ROWS };
  assert.deepEqual(sliceOf([...items, 400], afterAppend(full, 1, false)), sliceOf(items, full));
});

test("a new message at the newest end is shown", () => {
  assert.equal(sliceOf([...items, 400], afterAppend({ newer: 0, shown: WINDOW_ROWS }, 1, true)).at(-1), 400);
});

test("the row in sight stays when rows are added above it", () => {
  const before = [
    { key: "a", top: -90, bottom: -10 },
    { key: "b", top: -8, bottom: 30 },
  ];
  const anchor = anchorOf(before);
  assert.equal(anchor?.key, "b");
  assert.equal(correction(anchor, [{ key: "b", top: 192, bottom: 230 }], false), 200);
  assert.equal(correction(anchor, [{ key: "b", top: 192, bottom: 230 }], true), 0);
  assert.equal(correction(anchor, [{ key: "z", top: 0, bottom: 1 }], false), 0);
});
