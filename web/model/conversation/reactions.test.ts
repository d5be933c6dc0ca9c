import assert from "node:assert/strict";
import { test } from "node:test";
import { QUICK_REACTIONS } from "./menu-actions.ts";
import { chipsOf, isEmoji, toggled } from "./reactions.ts";

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

test("choosing adds to ours, choosing again takes off", () => {
  assert.deepEqual(toggled({}, "👍"), ["👍"]);
  assert.deepEqual(toggled({ reactions: [theirs("bob", "👍"), own("🎉")] }, "👍"), ["🎉", "👍"]);
  assert.deepEqual(toggled({ reactions: [own("🎉", "👍")] }, "🎉"), ["👍"]);
});
