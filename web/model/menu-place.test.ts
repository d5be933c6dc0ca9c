import assert from "node:assert/strict";
import { test } from "node:test";
import { placeMenu } from "./menu-place.ts";

const view = { width: 400, height: 600 };
const menu = { width: 200, height: 160 };

test("a menu opens at its point, above it near the lower edge, and never outside the window", () => {
  assert.deepEqual(placeMenu({ x: 20, y: 30 }, menu, view), { x: 20, y: 30 });
  assert.deepEqual(placeMenu({ x: 20, y: 500 }, menu, view), { x: 20, y: 340 });
  assert.deepEqual(placeMenu({ x: 390, y: 30 }, menu, view), { x: 192, y: 30 });
  assert.deepEqual(placeMenu({ x: -5, y: 100 }, { width: 200, height: 590 }, view), { x: 8, y: 8 });
});
