import assert from "node:assert/strict";
import { it } from "node:test";
import { folded } from "../../words/folded.ts";
import { excerptOf, foldedWithPlaces } from "./excerpt.ts";

/** One half of a character without the other. */
const HALF = /\p{Cs}/u;

const shown = (text: string, ...words: string[]) =>
  excerptOf(text, words.map(folded))
    .map(({ text: piece, found }) => (found ? `[${piece}]` : piece))
    .join("");

it("U17: what was looked for is marked in the words as they were written", () => {
  assert.equal(shown("Die Straße am Café\u0301.", "STRASSE", "cafe"), "Die [Straße] am [Café\u0301].");
  assert.equal(shown("aaa", "aa", "a"), "[aaa]");
  assert.equal(shown("ﬁlm", "i"), "[ﬁ]lm");
  assert.equal(shown("two\nlines", "two lines"), "[two lines]");
  assert.equal(shown("no word of it"), "no word of it");
});

it("U17: of a long text the part about the first place is shown, cut between words and never within a character", () => {
  const long = `${"before ".repeat(40)}the Needle${" after".repeat(80)}`;
  const words = shown(long, "needle");
  assert.match(words, /^…before before before the \[Needle\] after/u);
  assert.match(words, /after…$/u);
  assert.ok(words.length < 200);
  assert.doesNotMatch(shown("😀".repeat(400), "😁"), HALF);
  assert.doesNotMatch(shown(`${"😀".repeat(99)}x${"😀".repeat(400)}`, "x"), HALF);
});

it("U17: the key of a file is never part of it", () => {
  assert.equal(shown("see aesgcm://a.example/f#00112233 there", "there"), "see [there]");
});

it("U17: folded letter by letter a text is what it is folded as a whole", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const ranges = [
    0x20, 0x80, 0x250, 0x530, 0x700, 0x1100, 0x1200, 0x1e00, 0x2000, 0x2100, 0xa000, 0xac00, 0xfb00, 0x1f600,
  ];
  for (let round = 0; round < 3_000; round += 1) {
    const text = Array.from({ length: 1 + random(12) }, () =>
      String.fromCodePoint((ranges[random(ranges.length)] ?? 0x20) + random(0x100)),
    ).join("");
    const { words, starts, ends } = foldedWithPlaces(text);
    assert.equal(words, folded(text), JSON.stringify(text));
    assert.equal(starts.length, words.length);
    assert.ok(ends.every((end, n) => end > (starts[n] ?? 0)));
  }
});
