import assert from "node:assert/strict";
import { it } from "node:test";
import { folded } from "./folded.ts";

it("U17: words are the same without case, accents and forms of a letter", () => {
  const same: readonly (readonly string[])[] = [
    ["Straße", "STRASSE", "strasse", "STRAẞE"],
    ["café", "cafe\u0301", "CAFÉ"],
    ["ﬁlm", "film"],
    ["ΟΔΟΣ", "οδος", "οδοσ"],
    ["Łódź".replace("Ł", "L"), "lodz"],
    ["İzmir", "izmir"],
    ["soft\u00adware", "software"],
    ["two\n\t words", "two words"],
    ["①", "1"],
    ["ｆｕｌｌ", "full"],
    ["مُحَمَّد", "محمد"],
    ["שָׁלוֹם", "שלום"],
  ];
  for (const [first = "", ...others] of same) for (const other of others) assert.equal(folded(other), folded(first));
});

it("U17: what was folded stays as it is, whatever it was", () => {
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const once = folded(String.fromCodePoint(code));
    if (folded(once) !== once) assert.fail(`U+${code.toString(16)}`);
    if (/[\t\n]/.test(once)) assert.fail(`U+${code.toString(16)} ends a line`);
  }
});
