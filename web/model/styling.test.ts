import assert from "node:assert/strict";
import { test } from "node:test";
import { type Block, type Inline, QUOTES_DEEP, styled, unstyled, wordsOf } from "./styling.ts";

/** A tree in short: `[strong *a]`, `> (…)`, `{info|code}`, `<link>`. */
function short(words: string): string {
  return styled(words).map(shortBlock).join(" / ");
}

function shortBlock(block: Block): string {
  if (block.kind === "quote") return `> (${block.blocks.map(shortBlock).join(" / ")})`;
  if (block.kind === "code") return `{${block.info}|${block.parts.map(shortInline).join("")}}`;
  return block.parts.map(shortInline).join("");
}

function shortInline(part: Inline): string {
  if (part.kind === "styled") return `[${part.style} ${part.parts.map(shortInline).join("")}]`;
  if (part.kind === "text") return part.text;
  return part.kind === "link" ? `<${part.text}>` : "<file>";
}

const CASES: readonly (readonly [string, string])[] = [
  // XEP-0393 §5.2
  ["*strong*", "[strong strong]"],
  ["plain *strong* plain", "plain [strong strong] plain"],
  ["*strong* plain *strong*", "[strong strong] plain [strong strong]"],
  ["*strong*plain*", "[strong strong]plain*"],
  ["* plain *strong*", "* plain [strong strong]"],
  ["not strong*", "not strong*"],
  ["*not strong", "*not strong"],
  ["*not \n strong*", "*not \n strong*"],
  ["*not *strong", "*not *strong"],
  ["**", "**"],
  ["****", "****"],
  ["***", "***"],
  ["__init__ and **bold**", "__init__ and **bold**"],
  ["Everyone ~dis~likes cake.", "Everyone [strike dis]likes cake."],
  ["_emphasized with *strong span*_", "[emphasis emphasized with [strong strong span]]"],
  ["*`monospace and bold`*", "[strong [code monospace and bold]]"],
  ["`*monospace*`", "[code *monospace*]"],
  ["2*3*4 and snake_case_name", "2*3*4 and snake_case_name"],
  ["*this _is* wrong_", "[strong this _is] wrong_"],
  [
    "(There are three blocks,)\n(but there is no *formatting)\n(as spans* may not escape.)",
    "(There are three blocks,)\n(but there is no *formatting)\n(as spans* may not escape.)",
  ],
  // addresses
  ["https://example.org/*foo*_bar_", "<https://example.org/*foo*_bar_>"],
  ["*see https://example.org/a*b c*", "[strong see <https://example.org/a*b> c]"],
  ["*https://example.org*", "[strong <https://example.org>]"],
  ["`https://example.org`", "[code https://example.org]"],
  ["`aesgcm://a/b#00`", "`<file>"],
  // blocks
  ["> That that is, is.\n\nSaid the old hermit.", "> (That that is, is.) / Said the old hermit."],
  [">> That that is, is.\n> Said the old hermit.\n\nWho?", "> (> (That that is, is.) / Said the old hermit.) / Who?"],
  ["```ignored\n(println *x*)\n```\n\nafter ⤴", "{ignored|(println *x*)} / after ⤴"],
  ["> ```\n> (println)\n\nplain", "> ({|(println)}) / plain"],
  ["```\na\n``` \n```", "{|a\n``` }"],
  ["```", "{|}"],
  ["one ``` two", "one ``` two"],
  ["a\n> b\nc", "a / > (b) / c"],
  [">", "> ()"],
  ["\n", "\n"],
  ["", ""],
];

for (const [words, tree] of CASES) test(`styling: ${JSON.stringify(words)}`, () => assert.equal(short(words), tree));

test("a text that asks for it is not styled, and keeps its links", () => {
  assert.deepEqual(unstyled("> *a* https://b.c/").map(shortBlock), ["> *a* <https://b.c/>"]);
});

test("quotations are read to a depth, and are words below it", () => {
  assert.equal(short(`${">".repeat(QUOTES_DEEP + 2)}x`), `${"> (".repeat(QUOTES_DEEP)}>>x${")".repeat(QUOTES_DEEP)}`);
});

test("the words of a tree are without the marks", () => {
  const words = "> *old* _text_\n\n`new` https://a.b/_c_\n```js\nlet x\n```";
  assert.equal(wordsOf(styled(words), "[file]"), "old text\nnew https://a.b/_c_\nlet x");
  assert.equal(wordsOf(styled("aesgcm://a/b#00 *x*"), "[file]"), "[file] x");
});

test("a long text of nothing but marks is read in a moment", () => {
  const began = performance.now();
  for (const part of ["*a ", "*", "_*~`", "*a_b~ ", "> ", ">", "```\n", "*a", " *a* ", "`a` https://x.y/_ "])
    for (const end of ["", "\n*"]) styled((part + end).repeat(60_000 / (part + end).length));
  assert.ok(performance.now() - began < 3_000, `${performance.now() - began} ms`);
});
