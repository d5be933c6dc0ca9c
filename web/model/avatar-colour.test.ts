import assert from "node:assert/strict";
import { test } from "node:test";
import { colourOf, initialOf } from "./avatar-colour.ts";

const named = (count: number) => Array.from({ length: count }, (_, index) => colourOf(`user${index}@example.org`));

test("an address keeps its colour", () => {
  assert.deepEqual(colourOf("bob@example.org"), colourOf("bob@example.org"));
});

test("V4: colours are spread over all there are, evenly", () => {
  const counts = new Map<string, number>();
  for (const { hue, tone } of named(2_400)) counts.set(`${hue} ${tone}`, (counts.get(`${hue} ${tone}`) ?? 0) + 1);
  assert.equal(counts.size, 24);
  assert.ok(Math.min(...counts.values()) > 60, `fewest: ${Math.min(...counts.values())} of 100`);
});

test("V4: two colours that differ are told apart: by 25 degrees, or by their tone", () => {
  const hues = [...new Set(named(400).map(({ hue }) => hue))].toSorted((x, y) => x - y);
  for (const [at, hue] of hues.entries()) assert.ok((hues[at + 1] ?? hue + 25) - hue >= 25);
});

test("the initial is a letter or a digit where the name has one", () => {
  assert.equal(initialOf("  ✨ mina"), "M");
  assert.equal(initialOf("אורי"), "א");
  assert.equal(initialOf("42nd"), "4");
  assert.equal(initialOf("🦊"), "🦊");
});
