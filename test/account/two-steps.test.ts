/**
 * A sign-in has two steps, and anything may happen between them: the object is reset, somebody else is quicker, nobody comes
 * back. Real Prosody, real workerd.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "../../worker/contract/failures.ts";
import { ROUTES } from "../../worker/contract/routes.ts";
import type { SignedIn, SignInReply } from "../../worker/contract/sign-in.ts";
import { makeScramKeys } from "../../worker/shared/scram-keys.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE, BOB, type Stack, startStack } from "../stack.ts";

/** A proof that was sent has come to where it waits for the server. */
const UNDER_WAY_MS = 500;

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "two-steps", endpoint: "starttls" });
});
after(async () => stack?.stop());

const ALICES = "alice@localhost";
const BOBS = "bob@localhost";

type Begun = { readonly browser: ScriptedBrowser; readonly asks: Extract<SignInReply, { readonly step: "prove" }> };

/** The first step alone. */
async function begin(address: string): Promise<Begun> {
  const browser = new ScriptedBrowser(stack.url);
  const key = await browser.newKey();
  const args = { address, name: "Scripted on Node", kind: "computer", key };
  const answer = await browser.post<SignInReply>(ROUTES.signIn, args);
  assert.ok(answer.ok && answer.value.step === "prove", JSON.stringify(answer));
  return { browser, asks: answer.value };
}

async function finish({ browser, asks }: Begun, password: string): Promise<Result<SignedIn>> {
  const keys = await makeScramKeys(password, asks);
  assert.ok(keys.ok);
  return browser.post<SignedIn>(ROUTES.finishSignIn, { attempt: asks.attempt, ...keys.value });
}

const kindOf = (result: Result<unknown>) => (result.ok ? "signed in" : result.error.kind);

async function tables(address: string): Promise<readonly unknown[]> {
  return stack.objectRows(address, "select name from sqlite_master where name not like '\\_cf\\_%' escape '\\'");
}

test("A12: an object that is reset between the two steps says so, keeps nothing, and lets in who begins again", async () => {
  const begun = await begin(ALICES);
  await stack.resetObject(ALICES);
  assert.equal(kindOf(await finish(begun, ALICE.password)), "sign-in-lapsed");
  assert.deepEqual(await tables(ALICES), []);
  assert.equal(kindOf(await finish(await begin(ALICES), ALICE.password)), "signed in");
});

test("A12: a Worker that is killed between the two steps says so to whoever comes with the proof, and keeps nothing", async () => {
  const begun = await begin(BOBS);
  await stack.restartWorker();
  assert.equal(kindOf(await finish(begun, BOB.password)), "sign-in-lapsed");
  assert.deepEqual(await tables(BOBS), []);
});

test("A12: a Worker that is killed while the proof is at the server leaves nobody signed in, and nobody locked out", async () => {
  const begun = await begin(BOBS);
  stack.xmpp.pause();
  const proving = assert.rejects(finish(begun, BOB.password));
  await sleep(UNDER_WAY_MS);
  await stack.killWorker();
  await proving;
  stack.xmpp.resume();
  await stack.startWorker();
  assert.equal(kindOf(await finish(begun, BOB.password)), "sign-in-lapsed");
  assert.deepEqual(await tables(BOBS), []);
  assert.equal(kindOf(await finish(await begin(BOBS), BOB.password)), "signed in");
  assert.deepEqual((await stack.objectRows(BOBS, "select count(*) as n from browsers"))[0]?.["n"], 1);
});

test("A12: what is begun and not finished binds nothing and is shown to nobody", async () => {
  const alice = new ScriptedBrowser(stack.url);
  assert.ok((await alice.signIn(ALICES, ALICE.password)).ok);
  await alice.attach();
  await alice.live();
  const [sessions, told] = [await stack.xmpp.sessions(ALICES), alice.frames.length];
  const known = new Set(
    alice.frames.flatMap((frame) => ("browsers" in frame ? frame.browsers.map(({ id }) => id) : [])),
  );
  const begun = await begin(ALICES);
  assert.deepEqual(await stack.xmpp.sessions(ALICES), sessions);
  assert.equal(kindOf(await finish(begun, "not wonderland")), "wrong-password");
  assert.deepEqual(await stack.xmpp.sessions(ALICES), sessions, "the very same stream");
  const since = alice.frames.slice(told);
  assert.deepEqual(
    since.filter(({ type }) => type === "state"),
    [],
  );
  const shown = since.flatMap((frame) => (frame.type === "browsers" ? frame.browsers : []));
  assert.deepEqual(
    shown.filter(({ id }) => !known.has(id)),
    [],
    "no browser that was not here",
  );
  alice.detach();
});

test("A12: each attempt is good once, and for nobody who made it up", async () => {
  const begun = await begin(ALICES);
  const forged = { ...begun, asks: { ...begun.asks, attempt: `${begun.asks.attempt.slice(0, -2)}AA` } };
  assert.equal(kindOf(await finish(forged, ALICE.password)), "sign-in-lapsed");
  assert.equal(kindOf(await finish(begun, ALICE.password)), "signed in");
  assert.equal(kindOf(await finish(begun, ALICE.password)), "sign-in-lapsed");
});

test("A12: two browsers that sign in at the same moment are both in, on one stream", async () => {
  const browsers = [new ScriptedBrowser(stack.url), new ScriptedBrowser(stack.url)] as const;
  const results = await Promise.all(browsers.map((browser) => browser.signIn(BOBS, BOB.password)));
  assert.deepEqual(results.map(kindOf), ["signed in", "signed in"]);
  for (const browser of browsers) {
    await browser.attach();
    await browser.live();
  }
  assert.equal((await stack.xmpp.sessions(BOBS)).length, 1);
  for (const browser of browsers) browser.detach();
});

test("A12: whoever begins and stays away does not hold up the owner, whose account is off at that moment", async () => {
  const owner = new ScriptedBrowser(stack.url);
  assert.ok((await owner.signIn(BOBS, BOB.password)).ok);
  // Nothing is kept any more, as after a password that was refused: the account is off until somebody signs in.
  await stack.objectRows(BOBS, "delete from meta where key = 'credentials'");
  await stack.resetObject(BOBS);
  await owner.attach();
  await owner.until(() => owner.link?.state === "off" && owner.link.failure?.kind === "locked");
  const stranger = await begin(BOBS);
  const began = performance.now();
  assert.ok((await owner.signIn(BOBS, BOB.password)).ok);
  await owner.live();
  assert.ok(performance.now() - began < 10_000, "the stranger's half minute is not waited for");
  assert.equal(
    kindOf(await finish(stranger, "guess")),
    "sign-in-lapsed",
    "a stream stands: they begin again, beside it",
  );
  assert.equal(owner.link?.state, "live");
  owner.detach();
});
