/** Resets, restarts and silence: what the object must survive, against a real Prosody in real workerd. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, comeBack, RECOVERY_MS, say, textsOf, times } from "./people.ts";

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "bad-days", endpoint: "starttls" });
});
after(async () => stack?.stop());

test("an object that is reset signs itself in again with the secret of the browser that returns", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const closed = alice.closed;
  await stack.resetObject(ALICE);
  await alice.until(() => alice.closed > closed);
  await comeBack(alice);
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  await say(bob, ALICE, "after the reset");
  await alice.until(() => times(alice, "after the reset") === 1);
  assert.equal((await stack.xmpp.sessions(ALICE)).length, 1, "the forgotten session was replaced");
  for (const browser of [alice, bob]) browser.detach();
});

test("a message accepted while the server was silent reaches the sibling at once and the contact once", async () => {
  const [one, two, bob] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  stack.xmpp.pause();
  try {
    assert.ok((await say(one, BOB, "into the silence")).ok);
    await two.until(() => times(two, "into the silence") === 1);
    assert.equal(times(bob, "into the silence"), 0);
  } finally {
    stack.xmpp.resume();
  }
  await bob.until(() => times(bob, "into the silence") > 0);
  await say(one, BOB, "afterwards");
  await bob.until(() => times(bob, "afterwards") > 0);
  assert.equal(times(bob, "into the silence"), 1);
  for (const browser of [one, two, bob]) browser.detach();
});

test("the server had it but its word was lost: the archive is asked, and nothing is sent twice", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  stack.xmpp.pause();
  try {
    assert.ok((await say(alice, BOB, "did you get this")).ok);
    // The stanza is in the server's socket buffer; the object that wrote it dies before any acknowledgement.
    await sleep(200);
    await stack.resetObject(ALICE);
  } finally {
    stack.xmpp.resume();
  }
  await comeBack(alice);
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  await alice.until(() => alice.entries.find((entry) => entry.kind === "progress" && entry.state === "sent"));
  await say(alice, BOB, "behind it");
  await bob.until(() => times(bob, "behind it") > 0);
  assert.equal(times(bob, "did you get this"), 1);
  for (const browser of [alice, bob]) browser.detach();
});

test("the server stops and starts again: what was sent meanwhile arrives once, nobody signs in anew", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await stack.xmpp.stop();
  await alice.until(() => alice.link?.state === "waiting");
  assert.ok((await say(alice, BOB, "while it was away")).ok, "the object takes it");
  await stack.xmpp.start();
  await alice.call("reconnect", {});
  await bob.call("reconnect", {});
  await bob.until(() => times(bob, "while it was away") > 0, RECOVERY_MS);
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  await say(alice, BOB, "and on");
  await bob.until(() => times(bob, "and on") > 0);
  assert.equal(times(bob, "while it was away"), 1);
  for (const browser of [alice, bob]) browser.detach();
});

test("the server is killed and comes back by itself: the plan finds it without being asked", async () => {
  const alice = await browserOf(stack, ALICE);
  await stack.xmpp.kill();
  await alice.until(() => alice.link?.state === "waiting");
  await stack.xmpp.start();
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  alice.detach();
});

test("the whole runtime is killed: history, session and outbox are there when it returns", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await stack.xmpp.stop();
  await alice.until(() => alice.link?.state === "waiting");
  assert.ok((await say(alice, BOB, "survives the kill")).ok);
  await stack.killWorker();
  await stack.xmpp.start();
  await stack.startWorker();
  await comeBack(alice);
  await comeBack(bob);
  await bob.until(() => times(bob, "survives the kill") > 0, RECOVERY_MS);
  await say(alice, BOB, "and the next");
  await bob.until(() => times(bob, "and the next") > 0, RECOVERY_MS);
  assert.equal(times(bob, "survives the kill"), 1);
  for (const browser of [alice, bob]) browser.detach();
});

test("what the account missed while no browser was there comes from the archive, in order", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  alice.detach();
  await alice.until(() => alice.closed > 0);
  await stack.resetObject(ALICE);
  for (let i = 0; i < 120; i += 1) await say(bob, ALICE, `archived ${i}`);
  await bob.until(() => bob.entries.filter((entry) => entry.kind === "progress").length >= 120);
  await comeBack(alice);
  await alice.until(() => times(alice, "archived 119") > 0, RECOVERY_MS);
  const archived = textsOf(alice).filter((text) => text.startsWith("archived "));
  assert.deepEqual(
    archived,
    Array.from({ length: 120 }, (_, i) => `archived ${i}`),
  );
  for (const browser of [alice, bob]) browser.detach();
});
