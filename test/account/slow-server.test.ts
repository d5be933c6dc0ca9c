/** A server that reads no faster than it likes (Prosody's `mod_limits`): what is sent is seen to go. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ProgressEntry } from "../../worker/contract/entries.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, say } from "./people.ts";

const MESSAGES = 40;
const TEXT = "x".repeat(1_500);
const SLOW_MS = 120_000;

let stack: Stack;
before(async () => {
  const xmppConfig = 'alcove_reads_slowly = true\nlimits = { c2s = { rate = "6kb/s" } }';
  stack = await startStack({ name: "slow-server", endpoint: "starttls", xmppConfig });
});
after(() => stack?.stop());

test(`progress: of ${MESSAGES} messages at 6 kB/s each is told as sent soon after the one before`, async (context) => {
  const alice = await browserOf(stack, ALICE);
  const sentAt: number[] = [];
  const began = Date.now();
  for (let n = 0; n < MESSAGES; n += 1) assert.ok((await say(alice, BOB, `${n} ${TEXT}`)).ok);
  const progress = () =>
    alice.entries.filter((entry): entry is ProgressEntry => entry.kind === "progress" && entry.state === "sent").length;
  await alice.until(() => {
    while (sentAt.length < progress()) sentAt.push(Date.now() - began);
    return sentAt.length === MESSAGES;
  }, SLOW_MS);
  const steps = new Set(sentAt);
  const longest = Math.max(...sentAt.map((at, n) => at - (sentAt[n - 1] ?? 0)));
  context.diagnostic(`all after ${sentAt.at(-1)} ms, in ${steps.size} steps, the longest of ${longest} ms`);
  // Without asking on the way all of them were told at the end, at once.
  assert.ok(steps.size >= 5, `${steps.size} steps`);
  alice.detach();
});
