import assert from "node:assert/strict";
import { test } from "node:test";
import { foldedText } from "./fold.ts";

const lines = (count: number, line = "a line") =>
  Array.from({ length: count }, (_, n) => `${line} ${n + 1}`).join("\n");

test("V10: a text of 24 lines is cut after 12", () => {
  assert.equal(foldedText(lines(24)), lines(12));
});

test("V10: a few lines more than that are shown: a button would take the place of one", () => {
  assert.equal(foldedText(lines(16)), undefined);
  assert.equal(foldedText("Hello"), undefined);
  assert.equal(foldedText(""), undefined);
});

test("V10: one long line counts as what it is wrapped to, and is cut between two words", () => {
  const words = "word ".repeat(400);
  const shown = foldedText(words) ?? assert.fail("it is a wall");
  assert.match(shown, /word$/);
  assert.ok(shown.length > 700 && shown.length <= 768);
});

test("V10: no link is cut in two", () => {
  const link = `https://example.org/${"a".repeat(300)}`;
  const text = `${lines(10)}\n${link}\n${lines(20)}`;
  const shown = foldedText(text) ?? assert.fail("it is a wall");
  assert.ok(!shown.includes("https") || shown.includes(link));
  assert.equal(foldedText(link.repeat(20)), undefined, "nothing but a link is left whole");
});

test("V10: a wall without a space is cut between two letters, not within one", () => {
  const shown = foldedText("😀".repeat(1_000)) ?? assert.fail("it is a wall");
  assert.equal(shown, "😀".repeat(shown.length / 2));
});
