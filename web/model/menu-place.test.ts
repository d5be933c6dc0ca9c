import assert from "node:assert/strict";
import { test } from "node:test";
import { fromStart, placeMenu } from "./menu-place.ts";

const view = { width: 400, height: 600 };
const menu = { width: 200, height: 160 };

test("a menu opens at its point, above it near the lower edge, and never outside the window", () => {
  assert.deepEqual(placeMenu({ x: 20, y: 30 }, menu, view), { x: 20, y: 30 });
  assert.deepEqual(placeMenu({ x: 20, y: 500 }, menu, view), { x: 20, y: 340 });
  assert.deepEqual(placeMenu({ x: 390, y: 30 }, menu, view), { x: 192, y: 30 });
  assert.deepEqual(placeMenu({ x: -5, y: 100 }, { width: 200, height: 590 }, view), { x: 8, y: 8 });
});

test("where lines run to the left a menu opens to the left of its point", () => {
  assert.equal(fromStart(300, 400, "ltr"), 300);
  assert.equal(fromStart(300, 400, "rtl"), 100);
});
