import assert from "node:assert/strict";
import { test } from "node:test";
import { emojiNamed, emojiOfText, findEmoji, GROUPS, tableOf, toned, TONES, untoned } from "./emoji.ts";
import { lines } from "./emoji-lines.ts";
import { isEmoji } from "./conversation/reactions.ts";

const table = tableOf(lines);
const { all, groups } = table;

test("each emoji of the table is one that may be a reaction (XEP-0444 §3.2), in every tone", () => {
  assert.ok(all.length > 1_800 && groups.size === GROUPS.length);
  for (const one of all) for (const tone of TONES) assert.ok(isEmoji(toned(one, tone)), `${one.label} ${tone}`);
});

test("no two are the same, and each has a label and a name", () => {
  assert.equal(new Set(all.map(({ emoji }) => emoji)).size, all.length);
  for (const { label, names, words } of all) assert.ok(label !== "" && names[0] !== "" && words.length > 0, label);
});

test("one is found by its name, by a word for it, by several", () => {
  const found = (typed: string) => findEmoji(table, typed, 5).map(({ emoji }) => emoji);
  assert.equal(found("tada")[0], "🎉");
  assert.equal(found("+1")[0], "👍");
  assert.ok(found("café").length > 0, "accents do not matter");
  assert.ok(found("red heart").includes("❤️"));
  assert.deepEqual([found("  "), found("zzzz")], [[], []]);
  assert.equal(findEmoji(table, "a", 7).length, 7);
});

test("a name between colons is one emoji or none", () => {
  assert.equal(emojiNamed(table, "joy")?.emoji, "😂");
  assert.equal(emojiNamed(table, "JOY")?.emoji, "😂");
  assert.equal(emojiNamed(table, "jo y"), undefined);
});

test("a tone is put behind each person, and taken off again", () => {
  const thumb = emojiOfText(table, "👍");
  assert.equal(toned(thumb, "\u{1f3fd}"), "👍🏽");
  assert.equal(untoned("👍🏽"), "👍");
  assert.equal(emojiOfText(table, "👍🏽"), thumb);
  assert.equal(toned(emojiOfText(table, "🎉"), "\u{1f3fd}"), "🎉");
  assert.equal(emojiOfText(table, "🫥x").label, "🫥x");
});
