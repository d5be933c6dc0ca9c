/** A session cookie is worth nothing without the key of its browser, which nobody can copy. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { CallArguments, CallName } from "../../worker/contract/calls.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE, type Stack, startStack } from "../stack.ts";

const ADDRESS = "alice@localhost";
const BOB = "bob@localhost" as BareJid;
const HOUR_MS = 60 * 60_000;

let stack: Stack;
let owner: ScriptedBrowser;
let thief: ScriptedBrowser;

before(async () => {
  stack = await startStack({ name: "copied-cookie", endpoint: "starttls" });
  owner = new ScriptedBrowser(stack.url);
  assert.ok((await owner.signIn(ADDRESS, ALICE.password)).ok);
  await owner.attach();
  await owner.live();
  thief = new ScriptedBrowser(stack.url);
  thief.keyless = true;
  thief.robs(owner);
});
after(() => stack?.stop());

async function refused<Name extends CallName>(by: ScriptedBrowser, name: Name, args: CallArguments<Name>) {
  const result = await by.call(name, args);
  assert.equal(!result.ok && result.error.kind, "not-proven", name);
}

test("S9, T58: a copied session opens no socket, asks nothing, ends nothing", async () => {
  await assert.rejects(thief.attach());
  await refused(thief, "revoke", { browser: "others" });
  await refused(thief, "stayOnline", { on: true });
  await refused(thief, "removeDevice", { device: 7 as CallArguments<"removeDevice">["device"] });
  await refused(thief, "reconnect", {});
  await refused(thief, "bindKey", { key: await new ScriptedBrowser(stack.url).newKey() });
  const sent = await thief.send(BOB, { kind: "clear", text: "not by alice", exposed: false });
  assert.equal(!sent.ok && sent.error.kind, "not-proven");
  const ended = await thief.post("/api/sign-out", { erase: true });
  assert.equal(!ended.ok && ended.error.kind, "not-proven");
  assert.ok((await owner.call("reconnect", {})).ok, "the owner goes on");
  assert.equal(owner.closed, 0);
});

test("S9: with a key of the thief's own it is no better", async () => {
  const other = new ScriptedBrowser(stack.url);
  await other.newKey();
  other.robs(owner);
  await assert.rejects(other.attach());
  await refused(other, "revoke", { browser: "others" });
});

test("S9: it opens no sign-in data of an object that has lost its key", async () => {
  owner.detach();
  await owner.until(() => owner.closed > 0);
  await stack.resetObject(ADDRESS);
  const again = new ScriptedBrowser(stack.url);
  again.keyless = true;
  again.robs(owner);
  const told = await again.call("unlock", {});
  assert.deepEqual(told, { ok: true, value: { unlocked: false, account: ADDRESS, browser: owner.browser } });
  const answer = await owner.call("unlock", {});
  assert.equal(answer.ok && answer.value.unlocked, true, "its own browser does");
});

test("S9: a browser whose clock is an hour off comes in by the object's", async () => {
  owner.aheadMs = HOUR_MS;
  const hello = await owner.attach();
  assert.equal(hello.type, "hello");
  assert.ok(Math.abs(owner.aheadMs) < HOUR_MS / 2);
});

test("S9: a browser that came before there were keys names one, and is held to it", async () => {
  const old = new ScriptedBrowser(stack.url);
  old.keyless = true;
  assert.ok((await old.signIn(ADDRESS, ALICE.password)).ok);
  await old.attach();
  const copy = new ScriptedBrowser(stack.url);
  copy.keyless = true;
  copy.robs(old);
  assert.ok((await copy.call("reconnect", {})).ok, "until then the cookie is all there is");
  old.keyless = false;
  const key = await old.newKey();
  assert.deepEqual(await old.call("bindKey", { key }), { ok: true, value: { bound: true } });
  assert.ok((await old.call("bindKey", { key })).ok, "again is the same");
  assert.ok((await old.call("reconnect", {})).ok);
  await refused(copy, "reconnect", {});
});

test("S9: after a day the cookie gets another secret, and the one before is worth nothing even with the key", async () => {
  const DAY_MS = 24 * HOUR_MS;
  const twin = owner.twin();
  owner.detach();
  await stack.setClock(2 * DAY_MS);
  const hello = await owner.attach();
  assert.equal(hello.type === "hello" && hello.renew, true);
  assert.ok((await owner.post("/api/renew", {})).ok);
  assert.ok((await twin.call("reconnect", {})).ok, "until the new one was shown: the answer may have been lost");
  assert.ok((await owner.call("reconnect", {})).ok);
  assert.ok((await twin.call("reconnect", {})).ok, "for two minutes: what is on its way");
  await stack.setClock(2 * DAY_MS + 3 * 60_000);
  const late = await twin.call("reconnect", {});
  assert.equal(!late.ok && late.error.kind, "not-signed-in");
  owner.detach();
  await stack.resetObject(ADDRESS);
  const open = await owner.call("unlock", {});
  assert.equal(open.ok && open.value.unlocked, true, "the new secret opens the sign-in data");
  const again = await owner.attach();
  assert.equal(again.type === "hello" && again.renew, undefined);
});

test("S9: what is sealed anew between two secrets opens by both", async () => {
  await stack.setClock(5 * 24 * HOUR_MS);
  const lost = owner.twin();
  assert.ok((await lost.post("/api/renew", {})).ok);
  const other = new ScriptedBrowser(stack.url);
  assert.ok((await other.signIn(ADDRESS, ALICE.password)).ok);
  owner.detach();
  await stack.resetObject(ADDRESS);
  const before = await owner.call("unlock", {});
  assert.equal(before.ok && before.value.unlocked, true, "the old one, for the answer may have been lost");
  await stack.resetObject(ADDRESS);
  const after = await lost.call("unlock", {});
  assert.equal(after.ok && after.value.unlocked, true, "the new one");
});
