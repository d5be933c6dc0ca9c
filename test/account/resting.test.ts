/** A page that nobody has looked at for long: the account lets go of its stream and sleeps, and misses nothing. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { RESTING } from "../../durable/connection/resting.ts";
import { until } from "../e2e/waiting.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, comeBack, fallsAsleep, RECOVERY_MS, say, times } from "./people.ts";

const SOON_MS = 200;
const LONG = { afterMs: 0, everyMs: 4 * 60_000, lookMs: 500 } as const;

let stack: Stack;
before(async () => {
  // Where nobody looks Prosody stops writing this many seconds after it last wrote; five unless told (mod_csi_simple).
  const xmppConfig = "csi_resume_inactive_delay = 0.05";
  stack = await startStack({ name: "resting", endpoint: "starttls", xmppConfig });
  // In life it has five seconds, on a server that is not on a machine with all of this.
  await stack.setProving(60_000);
});
after(async () => stack?.stop());
afterEach(async () => {
  for (const one of here.splice(0)) one.detach();
  await stack.setResting(RESTING);
});

/** Who is attached: one that stays after its test would keep the account awake in the next. */
const here: ScriptedBrowser[] = [];
async function comes(account: typeof ALICE): Promise<ScriptedBrowser> {
  const browser = await browserOf(stack, account);
  here.push(browser);
  return browser;
}

const restedAt = async () =>
  (await stack.objectRows(ALICE, "select value from meta where key = 'rested-at'")).map(({ value }) =>
    Number(value),
  )[0];

/** Nobody looks at it, and has not for long. */
async function hidden(...browsers: readonly ScriptedBrowser[]): Promise<void> {
  for (const browser of browsers) browser.look(false);
  await stack.setResting(LONG);
  // What was said a moment before arrives before the alarm rings, as in life.
  for (const browser of browsers) await browser.call("unlock", {});
  await stack.ringAlarm(ALICE);
}

/** Time goes by, an alarm at a time, until the account has let go, later than it had before. */
async function rests(before = 0): Promise<number> {
  for (const end = Date.now() + RECOVERY_MS; ; await sleep(SOON_MS)) {
    const at = (await restedAt()) ?? 0;
    if (at > before) return at;
    assert.ok(Date.now() < end, "it lets go");
    await stack.ringAlarm(ALICE);
  }
}

/** It would have let go by then, in the cases beside these. */
async function staysAwake(): Promise<void> {
  for (let n = 0; n < 4; n += 1) {
    await sleep(LONG.lookMs);
    await stack.ringAlarm(ALICE);
  }
  assert.equal(await restedAt(), undefined);
}

/** What everybody was told of her. */
const saysOfAlice = (bob: ScriptedBrowser) =>
  bob.frames.flatMap((frame) =>
    frame.type === "presence" || frame.type === "hello" ? frame.presence.filter(({ jid }) => jid === ALICE) : [],
  );

test("D11: hidden for long, the object sleeps; each look takes what came; nobody sees anything; who comes is live at once", async () => {
  const [alice, bob] = [await comes(ALICE), await comes(BOB)];
  // In the order of the stream: behind it nothing of her coming is on its way any more.
  assert.ok((await say(alice, BOB, "before it rests")).ok);
  await bob.until(() => saysOfAlice(bob).length > 0 && times(bob, "before it rests") === 1);
  const told = saysOfAlice(bob).length;
  const binds = await stack.xmpp.binds(ALICE);
  const { closed } = alice;
  await hidden(alice);
  const rested = await rests();
  const next = ((await stack.objectAlarm(ALICE)) ?? 0) - rested;
  // Not the heartbeat's: that is in less than a minute.
  assert.ok(Math.abs(next - LONG.everyMs) < 60_000, `the next look is in ${next} ms`);
  const life = await stack.objectLife(ALICE);
  await say(bob, ALICE, "nobody looks");
  await fallsAsleep(stack, ALICE, life);
  assert.equal(times(alice, "nobody looks"), 0);
  assert.equal(alice.closed, closed, "the browser's socket stayed");

  for (const text of ["nobody looks", "and still nobody"]) {
    if (times(bob, text) === 0) await say(bob, ALICE, text);
    const before = (await restedAt()) ?? 0;
    // The time until the next look has gone by, but for a moment. Nobody asks the object anything while it looks.
    await stack.objectRows(ALICE, "update meta set value = '0' where key = 'rested-at'");
    assert.ok(await stack.hurryAlarm(ALICE, SOON_MS));
    await alice.until(() => times(alice, text) === 1);
    await until("it lets go again by itself", async () => ((await restedAt()) ?? 0) > before, { everyMs: SOON_MS });
  }
  assert.equal(await stack.xmpp.binds(ALICE), binds, "no other session was begun");
  const since = saysOfAlice(bob).slice(told);
  assert.ok(
    since.every(({ available }) => available),
    "to contacts she was there all the time",
  );

  await say(bob, ALICE, "when she looks");
  const frames = alice.frames.length;
  alice.look(true);
  await alice.until(() => times(alice, "when she looks") === 1, RECOVERY_MS);
  await alice.live();
  const states = alice.frames.slice(frames).flatMap((frame) => (frame.type === "state" ? frame.state.link.state : []));
  assert.ok(!states.includes("off") && !states.includes("waiting"), states.join());
  assert.equal(await restedAt(), undefined);
  await staysAwake();
  assert.ok(saysOfAlice(bob).every(({ available }) => available));
  for (const browser of [alice, bob]) browser.detach();
});

test("D11: one of two browsers is looked at, or the account stays online: it does not rest", async () => {
  const [one, two] = [await comes(ALICE), await comes(ALICE)];
  await hidden(two);
  await staysAwake();
  assert.ok((await one.call("stayOnline", { on: true })).ok);
  await hidden(one, two);
  await staysAwake();
  assert.ok((await one.call("stayOnline", { on: false })).ok);
  const rested = await rests();
  // A browser that comes hidden does not keep it awake either.
  const { closed } = two;
  two.detach();
  await two.until(() => two.closed > closed);
  await two.attach();
  two.look(false);
  await two.live();
  await rests(rested);
  for (const browser of [one, two]) browser.detach();
});

test("D11: a hidden page whose message waits for somebody's devices wakes the account", async () => {
  const alice = await comes(ALICE);
  await hidden(alice);
  const rested = await rests();
  const asked = await alice.call("devices", { jid: BOB, fresh: true });
  assert.deepEqual(asked, { ok: false, error: { kind: "offline" } });
  await rests(rested);
  const { closed } = alice;
  alice.detach();
  await alice.until(() => alice.closed > closed);
});

test("D11: what a hidden page sends leaves at once; the last browser that goes leaves nothing that wakes", async () => {
  const [alice, bob] = [await comes(ALICE), await comes(BOB)];
  await hidden(alice);
  const rested = await rests();
  assert.ok((await say(alice, BOB, "from behind")).ok);
  await bob.until(() => times(bob, "from behind") === 1);
  const again = await rests(rested);
  await stack.resetObject(ALICE);
  await comeBack(alice);
  alice.look(false);
  await rests(again);
  const { closed } = alice;
  alice.detach();
  await alice.until(() => alice.closed > closed);
  for (const end = Date.now() + RECOVERY_MS; (await stack.objectAlarm(ALICE)) !== undefined; await sleep(SOON_MS))
    assert.ok(Date.now() < end, "nothing wakes it");
  bob.detach();
});
