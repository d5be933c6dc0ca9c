import assert from "node:assert/strict";
import { test } from "node:test";
import { QUICK_REACTIONS } from "./menu-actions.ts";
import { CHIPS_FEW, CHIPS_MORE, chipsOf, firstOf, isEmoji, isFewEmoji, toggled } from "./reactions.ts";

const own = (...emojis: readonly string[]) => ({ own: true, emojis });
const theirs = (nick: string | undefined, ...emojis: readonly string[]) => ({
  own: false,
  emojis,
  ...(nick !== undefined && { nick }),
});

test("each emoji is shown once, with how many chose it and who", () => {
  const reactions = [theirs("bob", "👍", "🎉"), own("👍"), theirs("carol", "👍")];
  assert.deepEqual(chipsOf({ reactions }, undefined), [
    { emoji: "👍", count: 3, own: true, names: ["bob", "carol"] },
    { emoji: "🎉", count: 1, own: false, names: ["bob"] },
  ]);
  assert.deepEqual(chipsOf({ reactions: [theirs(undefined, "👍")] }, "Bob")[0]?.names, ["Bob"]);
  assert.deepEqual(chipsOf({}, "Bob"), []);
});

test("one emoji that two apps write in two ways is one", () => {
  const [chip, ...more] = chipsOf({ reactions: [theirs("bob", "❤"), own("❤️")] }, undefined);
  assert.deepEqual([chip?.count, chip?.own, more.length], [2, true, 0]);
  assert.deepEqual(toggled({ reactions: [own("❤")] }, "❤️"), []);
});

test("what is no emoji is not shown", () => {
  for (const emoji of [...QUICK_REACTIONS, "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "1️⃣", "❤"]) assert.ok(isEmoji(emoji), emoji);
  for (const other of ["", "a", "1", "👍👍", "👍 hi", "<img>", "‮", "https://x.example"])
    assert.ok(!isEmoji(other), other);
  assert.deepEqual(
    chipsOf({ reactions: [theirs("bob", "buy", "👍")] }, undefined).map(({ emoji }) => emoji),
    ["👍"],
  );
});

test("a text is large that is up to three emoji, flags and families and keycaps among them", () => {
  for (const few of ["👍", "👍 👍👍", "🇩🇪", "🇩🇪🇫🇷", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈 ❤️", "👨‍👩‍👧‍👦👍🏽", "1️⃣"])
    assert.ok(isFewEmoji(few), few);
  for (const more of ["", " ", "👍👍👍👍", "🇩🇪🇩🇪🇩🇪🇩🇪", "hi 👍", "1", "#", "🇩", `👍${"\u0336".repeat(200)}`])
    assert.ok(!isFewEmoji(more), more);
});

test("of hundreds of different ones a few are drawn, ours among them, and the others are counted", () => {
  const many = Array.from({ length: 300 }, (_, at) => theirs(`n${at}`, String.fromCodePoint(0x1f400 + at)));
  const chips = chipsOf({ reactions: [...many, own("❤️")] }, undefined);
  assert.ok(chips.length > 250);
  const first = firstOf(chips, CHIPS_FEW);
  assert.deepEqual([first.length, first.at(-1)?.emoji], [CHIPS_FEW + 1, "❤️"]);
  assert.equal(firstOf(chips, CHIPS_FEW + CHIPS_MORE).length, CHIPS_FEW + CHIPS_MORE + 1);
  assert.equal(firstOf(chips.slice(0, CHIPS_FEW + 1), CHIPS_FEW).length, CHIPS_FEW + 1, "no button for one");
});

test("choosing adds to ours, choosing again takes off", () => {
  assert.deepEqual(toggled({}, "👍"), ["👍"]);
  assert.deepEqual(toggled({ reactions: [theirs("bob", "👍"), own("🎉")] }, "👍"), ["🎉", "👍"]);
  assert.deepEqual(toggled({ reactions: [own("🎉", "👍")] }, "🎉"), ["👍"]);
});
