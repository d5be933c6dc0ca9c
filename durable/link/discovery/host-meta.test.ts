import assert from "node:assert/strict";
import { test } from "node:test";
import { growthOf } from "../../testing/growth.ts";
import { readHostMeta } from "./host-meta.ts";

const LENGTH = 64 * 1024;

for (const [what, before, repeated, behind = ""] of [
  ["comments that do not end", "", "<!--"],
  ["comments that end", "", "<!---->"],
  ["links that do not end", "", "<Link "],
  ["one link of quotes", "<Link ", "href='"],
  ["one link of white space", "<Link href", " "],
  ["one link of names", "<Link ", "href rel ", "/>"],
  ["prefixes", "<", "a-"],
  ["brackets", "", "[{"],
] as const) {
  test(`S15: 64 KiB of ${what} in host-meta cost what their length costs`, (context) => {
    const filled = (part: number) => before + repeated.repeat((part * LENGTH) / repeated.length) + behind;
    const texts = new Map([1, 1 / 16].map((part) => [part, filled(part)]));
    const { linear, factor, milliseconds } = growthOf((part) =>
      assert.deepEqual(readHostMeta(texts.get(part) ?? ""), []),
    );
    context.diagnostic(`64 KiB of ${what}: ${milliseconds.toFixed(1)} ms, ${factor.toFixed(1)} times their parts`);
    assert.ok(linear, `${factor}`);
  });
}
