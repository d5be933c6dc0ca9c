import assert from "node:assert/strict";
import { test } from "node:test";
import { hasMoved, isEnough, swipeOffset } from "./swipe.ts";

test("a message follows a finger along the line, up to a limit, and stays for one that scrolls", () => {
  assert.equal(swipeOffset(8, 0), 0);
  assert.equal(swipeOffset(32, 4), 20);
  assert.equal(swipeOffset(300, 20), 72);
  assert.equal(swipeOffset(40, 60), 0);
  assert.equal(swipeOffset(-80, 0), 0);
});

test("letting go answers only when it was drawn far enough", () => {
  assert.equal(isEnough(swipeOffset(40, 0)), false);
  assert.equal(isEnough(swipeOffset(90, 10)), true);
});

test("a resting finger trembles", () => {
  assert.equal(hasMoved(6, 6), false);
  assert.equal(hasMoved(0, -20), true);
});
