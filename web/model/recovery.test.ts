import assert from "node:assert/strict";
import { test } from "node:test";
import { fileOf, newRecovery, pictureOf, readRecovery, wordsOf } from "./recovery.ts";

test("a recovery key is nine words that can be said, and comes back out of them however they are written", async () => {
  for (let round = 0; round < 50; round++) {
    const key = newRecovery();
    const words = await wordsOf(key);
    assert.equal(words.length, 9);
    for (const word of words) assert.match(word, /^[a-z]{5}$/);
    const ways = [words.join(" "), words.join("-").toUpperCase(), `1. ${words.join(",\n2. ")}`, pictureOf(words)];
    for (const way of ways) assert.deepEqual(await readRecovery(way), key);
    const file = fileOf(words, ["Alcove: recovery key of", "alice@example.org", "bazin tovam"]);
    assert.deepEqual(await readRecovery(file), key);
  }
});

test("the words of a key of zeros and of ones are these", async () => {
  assert.equal((await wordsOf(new Uint8Array(16))).slice(0, 8).join(" "), Array(8).fill("babab").join(" "));
  assert.equal((await wordsOf(new Uint8Array(16).fill(255))).slice(0, 8).join(" "), Array(8).fill("zuzuz").join(" "));
});

test("a word that is missing, made up or another is said, and no key comes of it", async () => {
  const words = await wordsOf(new Uint8Array(16).map((_, n) => n * 13));
  assert.equal(await readRecovery(words.slice(1).join(" ")), "few");
  assert.equal(await readRecovery(`${words.slice(0, 8).join(" ")} house`), "few");
  assert.equal(await readRecovery(""), "few");
  const other = words[3] === "babab" ? "dadad" : "babab";
  assert.equal(await readRecovery(words.with(3, other).join(" ")), "mistyped");
  assert.equal(await readRecovery([words[1], words[0], ...words.slice(2)].join(" ")), "mistyped");
});
