import assert from "node:assert/strict";
import { test } from "node:test";
import { fitted, levelNow, LEVELS, levelsOf, loudness } from "./levels.ts";

const tone = (length: number, loud: (at: number) => number) =>
  Float32Array.from({ length }, (_, at) => loud(at / length) * Math.sin(at / 3));

test("the loudest part is as high as there is room for, silence is flat, and what lies between is heard between", () => {
  const levels = levelsOf(tone(48_000, (at) => (at < 0.5 ? 0.1 : at < 0.75 ? 0.4 : 0)));
  assert.equal(levels.length, LEVELS);
  const [quiet = 0, loud = 0, silent = 0] = [levels[5], levels[30], levels[45]];
  assert.ok(loud > 250 && quiet > 90 && quiet < 130 && silent === 0, `${quiet}, ${loud}, ${silent}`);
});

test("a room without anybody in it is flat, and so are no samples", () => {
  assert.ok(levelsOf(tone(9_000, () => 0.005)).every((level) => level === 0));
  assert.ok(levelsOf(new Float32Array()).every((level) => level === 0));
  assert.ok(levelsOf(Float32Array.of(Number.NaN)).every((level) => level === 0));
  assert.equal(loudness(new Float32Array()), 0);
});

test("while it is recorded a bar is never higher than there is room for", () => {
  assert.deepEqual([0, 0.22, 1].map(levelNow), [0, 255, 255]);
});

test("bars of others are drawn in as many as there are here", () => {
  assert.deepEqual([...fitted(Uint8Array.of(1, 9, 3, 4), 2)], [9, 4]);
  assert.deepEqual([...fitted(Uint8Array.of(7, 8), 4)], [7, 7, 8, 8]);
  assert.equal(fitted(new Uint8Array()).length, LEVELS);
});
