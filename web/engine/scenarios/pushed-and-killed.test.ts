/** A short run of what `npm run kills -- --worker` plays at length. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { playPushedAndKilled } from "../testing/pushed-and-killed.ts";

test("a tab and a service worker that open the same messages and end at any write lose nothing, and use no key again", async () => {
  const { wrong, struck } = await playPushedAndKilled({ rounds: 5, seed: 3 });
  assert.deepEqual(wrong, []);
  const strikes = Object.values(struck).reduce((sum, one) => sum + one, 0);
  assert.ok(strikes > 0, "somebody ended while something was written");
});
