import assert from "node:assert/strict";
import { test } from "node:test";
import { readHostMeta } from "./host-meta.ts";

const LENGTH = 64 * 1024;
const fill = (text: string): string => text.repeat(LENGTH / text.length);

for (const [what, text] of [
  ["comments that do not end", fill("<!--")],
  ["comments that end", fill("<!---->")],
  ["links that do not end", fill("<Link ")],
  ["one link of quotes", `<Link ${fill("href='")}`],
  ["one link of white space", `<Link href${fill(" ")}`],
  ["one link of names", `<Link ${fill("href rel ")}/>`],
  ["prefixes", `<${fill("a-")}`],
  ["brackets", fill("[{")],
] as const) {
  test(`S15: 64 KiB of ${what} in host-meta cost what their length costs`, (context) => {
    const before = process.cpuUsage();
    assert.deepEqual(readHostMeta(text), []);
    const { user, system } = process.cpuUsage(before);
    const milliseconds = (user + system) / 1_000;
    context.diagnostic(`64 KiB of ${what}: ${milliseconds.toFixed(1)} ms`);
    // Ten times what is meant: quadratic work took 800 ms and more.
    assert.ok(milliseconds < 500, `${milliseconds} ms`);
  });
}
