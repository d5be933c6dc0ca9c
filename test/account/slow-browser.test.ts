/** Ten browsers of one account: the slow, the dead and the long absent ones cost the others nothing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { MessageEntry } from "../../worker/contract/entries.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, messagesOf, say, times } from "./people.ts";

const BROWSERS = 10;
/** More than twice the window, in several pages. */
const ENTRIES = 1_000;
const AT_ONCE = 8;
const MONTH_MS = 30 * 24 * 60 * 60_000;

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "slow-browser", endpoint: "starttls" });
});
after(async () => stack?.stop());

const fromBob = (browser: ScriptedBrowser): readonly MessageEntry[] =>
  messagesOf(browser).filter(({ sender }) => sender === BOB);
const framesOf = (browser: ScriptedBrowser) => browser.frames.filter(({ type }) => type === "entries").length;

async function sayMany(bob: ScriptedBrowser, count: number): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      const answer = await say(bob, ALICE, `many ${next}`);
      assert.ok(answer.ok, JSON.stringify(answer));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

test("one that acknowledges nothing is left behind by itself; the nine others get all of it, in frames of many", async (context) => {
  const browsers: ScriptedBrowser[] = [];
  for (let i = 0; i < BROWSERS; i += 1) browsers.push(await browserOf(stack, ALICE));
  const absent = browsers.pop() as ScriptedBrowser;
  absent.detach();
  await absent.until(() => absent.closed > 0);
  const away = absent.entries.length;
  browsers.push(await browserOf(stack, ALICE));
  const slow = browsers[3] as ScriptedBrowser;
  slow.silent = true;
  const held = slow.entries.length;
  const bob = await browserOf(stack, BOB);
  const before = browsers.map(framesOf);

  await sayMany(bob, ENTRIES);
  const others = browsers.filter((browser) => browser !== slow);
  for (const browser of others) await browser.until(() => fromBob(browser).length >= ENTRIES);
  for (const browser of others) {
    const seqs = browser.entries.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      Array.from({ length: seqs.length }, (_, i) => (seqs[0] ?? 0) + i),
      "without holes",
    );
  }
  assert.ok(slow.entries.length - held <= LIMITS.windowEntries, `${slow.entries.length - held} beyond the window`);
  const frames = others.map((browser) => framesOf(browser) - (before[browsers.indexOf(browser)] ?? 0));
  context.diagnostic(`${ENTRIES} messages in ${frames.join(", ")} frames`);
  assert.ok(
    frames.every((count) => count < ENTRIES),
    "several entries travel in one frame",
  );

  // The slow one wakes up: its next word brings the rest, in pages.
  slow.silent = false;
  slow.detach();
  await slow.until(() => slow.closed > 0);
  await slow.attach();
  await slow.until(() => slow.entries.at(-1)?.seq === others[0]?.entries.at(-1)?.seq);
  assert.equal(new Set(fromBob(slow).map(({ id }) => id)).size, ENTRIES);

  // A month later, the one that closed the lid: the same socket, the same pages, however much there is.
  await stack.setClock(MONTH_MS);
  await absent.attach();
  await absent.until(() => absent.entries.at(-1)?.seq === others[0]?.entries.at(-1)?.seq);
  assert.equal(fromBob(absent).length, ENTRIES);
  const pages = absent.frames.flatMap((frame) => (frame.type === "entries" ? [frame.entries.length] : []));
  assert.ok(Math.max(...pages) <= LIMITS.pageEntries);
  assert.ok(absent.entries.length > away + ENTRIES - 1);
  await stack.setClock(0);
  assert.equal(times(absent, "many 1"), 1);
  for (const browser of [...browsers, absent, bob]) browser.detach();
});
