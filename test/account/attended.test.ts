/** When the account is online and when it sleeps: with a browser there, with none, and by choice. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, comeBack, fallsAsleep, RECOVERY_MS, say, times } from "./people.ts";

const GRACE_MS = 5 * 60_000;
const LOOK_EVERY_MS = 250;
/** Less than a browser keeps quiet that is still there. */
const BACK_OFF_MS = 120_000;
const SOON_MS = 500;

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "attended", endpoint: "starttls" });
});
after(async () => stack?.stop());
afterEach(() => stack.setClock(0));

async function eventually(what: string, holds: () => Promise<boolean>, withinMs = RECOVERY_MS): Promise<void> {
  for (const end = Date.now() + withinMs; !(await holds()); await sleep(LOOK_EVERY_MS)) {
    assert.ok(Date.now() < end, `${what} within ${withinMs} ms`);
  }
}

async function leave(browser: ScriptedBrowser): Promise<void> {
  const { closed } = browser;
  browser.detach();
  await browser.until(() => browser.closed > closed);
}

/** Longer than a browser keeps quiet that is still there. */
const SILENT_MS = 4 * 60_000;
const HEARTBEAT_MS = 50_000;
/** Three of them in a row are a server that has died, so one answer in thrice the time is enough. */
const ANSWER_MS = 500;

/** Time goes by as it does in life: at every heartbeat the alarm rings, and the server answers. */
async function timePasses(untilMs: number, fromMs = 0): Promise<void> {
  for (let at = fromMs + HEARTBEAT_MS; at < untilMs; at += HEARTBEAT_MS) {
    await stack.setClock(at);
    await stack.ringAlarm(ALICE);
    await sleep(ANSWER_MS);
  }
  await stack.setClock(untilMs);
  await stack.ringAlarm(ALICE);
}

const sessions = async () => (await stack.xmpp.sessions(ALICE)).length;
const logged = async (text: string) =>
  (await stack.objectRows(ALICE, `select 1 from entries where content like '%${text}%'`)).length;

test("idle: within the grace everything runs, after it no session, no alarm, no timer; one attach wakes it", async () => {
  const alice = await browserOf(stack, ALICE);
  await leave(alice);
  await timePasses(GRACE_MS - 10_000);
  assert.equal(await sessions(), 1, "a browser that returns now finds it running");
  assert.notEqual(await stack.objectAlarm(ALICE), undefined);
  await stack.setClock(GRACE_MS + 10_000);
  assert.ok(await stack.ringAlarm(ALICE));
  await eventually("the session has ended", async () => (await sessions()) === 0);
  assert.equal(await stack.objectAlarm(ALICE), undefined, "nothing wakes it");
  await stack.setClock(0);
  await alice.attach();
  await alice.live();
  assert.equal(await sessions(), 1);
  await leave(alice);
});

test("a socket from which nothing is heard counts as gone, and does not keep the account online", async () => {
  const alice = await browserOf(stack, ALICE);
  const { closed } = alice;
  await timePasses(SILENT_MS);
  await alice.until(() => alice.closed > closed);
  await timePasses(SILENT_MS + GRACE_MS + HEARTBEAT_MS, SILENT_MS);
  await eventually("the session has ended", async () => (await sessions()) === 0);
  assert.equal(await stack.objectAlarm(ALICE), undefined);
});

test("attended: reset with nobody there it stays off, without an alarm that rings for ever", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await leave(alice);
  await stack.resetObject(ALICE);
  await stack.ringAlarm(ALICE);
  assert.equal(await stack.objectAlarm(ALICE), undefined);
  const kept = await stack.objectRows(ALICE, "select key from meta where key in ('sealing-key', 'stay-online')");
  assert.deepEqual(kept, [], "its storage alone signs nobody in");
  await say(bob, ALICE, "while it was off");
  await comeBack(alice);
  await alice.until(() => times(alice, "while it was off") > 0, RECOVERY_MS);
  for (const browser of [alice, bob]) await leave(browser);
});

test("a fresh sign-in serves a browser that was away: its old cookie opens what was sealed anew", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  await leave(two);
  assert.ok((await one.signIn(ALICE, "wonderland")).ok);
  await leave(one);
  await stack.resetObject(ALICE);
  await comeBack(two);
  await two.until(() => two.link?.state === "live" && two.link.caughtUp, RECOVERY_MS);
  await leave(two);
});

test("back-off, sleep, and the server is back: the browser that stayed is asked for the key, and all is live", async () => {
  const alice = await browserOf(stack, ALICE);
  await stack.xmpp.stop();
  await alice.until(() => alice.link?.state === "waiting");
  // As after many tries: it waits long enough for the platform to let go of it.
  const setback = { failures: 9, failure: { kind: "refused" }, until: Date.now() + BACK_OFF_MS };
  await stack.objectRows(ALICE, `update meta set value = '${JSON.stringify(setback)}' where key = 'setback'`);
  await stack.resetObject(ALICE);
  await comeBack(alice);
  assert.equal(alice.link?.state, "waiting");
  const { closed } = alice;
  const life = await stack.objectLife(ALICE);
  try {
    // And with its memory the key goes.
    await fallsAsleep(stack, ALICE, life);
    assert.equal(alice.closed, closed, "the browser's socket stayed");
  } finally {
    await stack.xmpp.start();
  }
  // The rest of the time goes by at once; the platform rings.
  await stack.setClock(BACK_OFF_MS);
  assert.ok(await stack.hurryAlarm(ALICE, SOON_MS));
  await alice.until(() => alice.frames.some((frame) => frame.type === "unlock"), RECOVERY_MS);
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  assert.equal(alice.closed, closed);
  await leave(alice);
});

test("stay online: after a reset with nobody there it signs itself in, and what is sent to it arrives", async () => {
  const alice = await browserOf(stack, ALICE);
  const on = await alice.call("stayOnline", { on: true });
  assert.ok(on.ok && on.value.on, JSON.stringify(on));
  await alice.until(() => alice.frames.some((frame) => frame.type === "state" && frame.state.stayOnline));
  assert.deepEqual(await alice.call("stayOnline", { on: true }), on, "asked again");
  await leave(alice);
  await timePasses(GRACE_MS + 60_000);
  assert.equal(await sessions(), 1, "the grace ends nothing");
  assert.notEqual(await stack.objectAlarm(ALICE), undefined);

  await stack.setClock(0);
  // The clock is everybody's, and this time has passed for Alice alone: Bob comes when it is over.
  const bob = await browserOf(stack, BOB);
  await stack.resetObject(ALICE);
  assert.ok(await stack.ringAlarm(ALICE), "its alarm stands");
  await say(bob, ALICE, "to nobody there");
  await eventually("the message is in the log", async () => (await logged("to nobody there")) === 1);

  await leave(bob);
  assert.ok(await stack.hurryAlarm(ALICE, SOON_MS));
  await stack.restartWorker();
  await comeBack(bob);
  await bob.until(() => bob.link?.state === "live" && bob.link.caughtUp, RECOVERY_MS);
  await say(bob, ALICE, "after the kill");
  // Nothing here asks the object anything that would wake it: the alarm has to.
  await eventually("it came online by its alarm", async () => (await sessions()) === 1, 2 * RECOVERY_MS);
  await eventually("the message is in the log", async () => (await logged("after the kill")) === 1);

  await comeBack(alice);
  await alice.until(() => times(alice, "after the kill") === 1);
  const off = await alice.call("stayOnline", { on: false });
  assert.ok(off.ok && !off.value.on);
  assert.equal(off.value.renewed, false, "S13: SCRAM keys end with the password alone, and the page says so");
  const kept = await stack.objectRows(ALICE, "select key from meta where key = 'sealing-key'");
  assert.deepEqual(kept, [], "the key is gone");
  for (const browser of [alice, bob]) await leave(browser);
  await stack.resetObject(ALICE);
  await stack.ringAlarm(ALICE);
  assert.equal(await stack.objectAlarm(ALICE), undefined, "attended again");
});

test("the last browser that signs out takes the choice with it", async () => {
  const alice = await browserOf(stack, ALICE);
  await alice.call("revoke", { browser: "others" });
  assert.ok((await alice.call("stayOnline", { on: true })).ok);
  await alice.post("/api/sign-out", { erase: false });
  const kept = await stack.objectRows(
    ALICE,
    "select key from meta where key in ('credentials', 'sealing-key', 'stay-online') and value <> 'false'",
  );
  assert.deepEqual(kept, []);
  await eventually("the session has ended", async () => (await sessions()) === 0);
});
