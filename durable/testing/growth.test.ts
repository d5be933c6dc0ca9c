import assert from "node:assert/strict";
import { test } from "node:test";
import { growthOf } from "./growth.ts";

const LENGTH = 6_000;
const text = (part: number): string => "a".repeat(LENGTH * part);

test("looking once at each character is linear", () => {
  const { linear, factor } = growthOf((part) => {
    for (let times = 0; times < 200; times += 1) assert.equal(text(part).search(/[bc]d/), -1);
  });
  assert.ok(linear, `${factor}`);
});

test("looking from each character to the end is not", () => {
  const { linear, factor } = growthOf((part) => {
    assert.equal(text(part).search(/a+b/), -1);
  });
  assert.ok(!linear, `${factor}`);
});
