/** What contacts see of whether somebody looks, at a real server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PresenceInfo } from "../../worker/contract/state.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, say, times } from "./people.ts";

const MINUTE_MS = 60_000;
let stack: Stack;
before(async () => {
  stack = await startStack({ name: "own-presence", endpoint: "starttls" });
});
after(async () => stack?.stop());

const ofAlice = (bob: ScriptedBrowser): readonly PresenceInfo[] =>
  bob.frames.flatMap((frame) =>
    frame.type === "presence" || frame.type === "hello" ? frame.presence.filter(({ jid }) => jid === ALICE) : [],
  );

/** Nobody has looked at her browser since then; the alarm rings. */
async function nobodyLooksSince(browser: ScriptedBrowser, at: number): Promise<void> {
  browser.look(false);
  // In the order of the socket: the frame has arrived.
  await browser.call("unlock", {});
  await stack.objectRows(ALICE, `update meta set value = '${at}' where key = 'unlooked-since'`);
  await stack.ringAlarm(ALICE);
}

test("contacts see since when nobody looks where that was chosen, and that somebody does; else never", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  alice.look(true);
  await bob.until(() => ofAlice(bob).at(-1)?.available === true);
  // Behind it nothing of her coming is on its way any more.
  assert.ok((await say(alice, BOB, "here")).ok);
  await bob.until(() => times(bob, "here") === 1);
  const told = ofAlice(bob).length;
  const since = Date.now() - 5 * MINUTE_MS;
  await nobodyLooksSince(alice, since);
  // Behind it nothing of her presence is on its way any more.
  assert.ok((await say(alice, BOB, "not chosen")).ok);
  await bob.until(() => times(bob, "not chosen") === 1);
  assert.equal(ofAlice(bob).length, told, "nothing was told");

  alice.look(true);
  assert.ok((await alice.call("choose", { choices: [{ name: "lastSeen", value: true }], seen: 0 })).ok);
  await nobodyLooksSince(alice, since);
  await bob.until(() => ofAlice(bob).at(-1)?.show === "away");
  assert.equal(ofAlice(bob).at(-1)?.idle, since - (since % MINUTE_MS));
  alice.look(true);
  await bob.until(() => ofAlice(bob).at(-1)?.show === undefined);
  const last = ofAlice(bob).at(-1);
  assert.deepEqual([last?.available, last?.idle], [true, undefined]);
  for (const browser of [alice, bob]) browser.detach();
});
