import assert from "node:assert/strict";
import { test } from "node:test";
import { growthOf } from "./growth.ts";

const LENGTH = 6_000;
const text = (part: number): string => "a".repeat(LENGTH * part);

test("looking once at each character is linear", () => {
  const { linear, factor } = growthOf((part) => {
    for (let times = 0; times < 200; times += 1) /b$/.test(text(part)) || text(part).indexOf("b");
  });
  assert.ok(linear, `${factor}`);
});

test("looking from each character to the end is not", () => {
  const { linear, factor } = growthOf((part) => /a+b/.test(text(part)));
  assert.ok(!linear, `${factor}`);
});
