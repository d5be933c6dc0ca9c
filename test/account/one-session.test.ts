/** One object, one XMPP session, any number of browsers: against a real Prosody in real workerd. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BareJid, Position } from "../../worker/contract/names.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { newClient } from "../scripted-browser.ts";
import { ALICE, BOB, browserOf, messagesOf, say, textsOf, times } from "./people.ts";

const HEARTBEAT_MS = 50_000;

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "one-session", endpoint: "starttls" });
});
after(async () => stack?.stop());

test("three browsers are one resource, and a heartbeat alarm stands while the account is online", async () => {
  const browsers = [await browserOf(stack, ALICE), await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  const resources = await stack.xmpp.sessions(ALICE);
  assert.equal(resources.length, 1, resources.join());
  const now = Date.now();
  const alarm = await stack.objectAlarm(ALICE);
  assert.ok(alarm !== undefined && alarm <= now + HEARTBEAT_MS, `alarm in ${(alarm ?? 0) - now} ms`);
  for (const browser of browsers) browser.detach();
});

test("what one browser sends is in the other at once, with the same id, seq and position", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  const reply = await say(one, BOB, "from one");
  assert.ok(reply.ok);
  const entry = await two.until(() => messagesOf(two).find((message) => message.id === reply.value.id));
  assert.deepEqual(
    { seq: entry.seq, position: entry.position, chat: entry.chat, sender: entry.sender },
    { seq: reply.value.seq, position: reply.value.position, chat: BOB, sender: ALICE },
  );
  await one.until(() =>
    one.entries.find((e) => e.kind === "progress" && e.message === reply.value.id && e.state === "sent"),
  );
  for (const browser of [one, two]) browser.detach();
});

test("a send that is repeated, however often, is one message", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const client = newClient();
  const replies = await Promise.all([1, 2, 3].map(() => say(alice, BOB, "once only", client)));
  replies.push(await say(alice, BOB, "once only", client));
  assert.equal(new Set(replies.map((reply) => JSON.stringify(reply))).size, 1, "every answer is the same");
  await say(alice, BOB, "after it");
  await bob.until(() => textsOf(bob).includes("after it"));
  assert.equal(times(bob, "once only"), 1);
  for (const browser of [alice, bob]) browser.detach();
});

test("a browser that comes back is given exactly what it missed", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const held = bob.entries.length;
  bob.detach();
  await bob.until(() => bob.closed > 0);
  for (const text of ["missed 1", "missed 2", "missed 3"]) await say(alice, BOB, text);
  await bob.attach();
  await bob.until(() => textsOf(bob).includes("missed 3"));
  assert.deepEqual(textsOf(bob).slice(-3), ["missed 1", "missed 2", "missed 3"]);
  assert.equal(new Set(bob.entries.map((entry) => entry.id)).size, bob.entries.length, "nothing came twice");
  assert.ok(bob.entries.length > held);
  for (const browser of [alice, bob]) browser.detach();
});

test("reading in one browser is read in all, and only forward", async () => {
  const [one, two, bob] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await say(bob, ALICE, "read me");
  const message = await one.until(() =>
    messagesOf(one).find((m) => m.content.kind === "clear" && m.content.text === "read me"),
  );
  const readTo = (position: Position) =>
    one.call("reading", { delivered: [], read: [], positions: [{ chat: BOB, position }] });
  await readTo(message.position);
  await two.until(() => two.entries.find((e) => e.kind === "read" && e.position === message.position));
  const { length } = two.entries;
  await readTo((message.position - 1) as Position);
  await say(bob, ALICE, "read me, too");
  await two.until(() => textsOf(two).includes("read me, too"));
  assert.equal(
    two.entries.slice(length).some(({ kind }) => kind === "read"),
    false,
  );
  for (const browser of [one, two, bob]) browser.detach();
});

test("clear text into an encrypted conversation is refused unless the person agreed in that browser", async () => {
  const alice = await browserOf(stack, ALICE);
  const omemo = { sid: 1, iv: "AAAAAAAAAAAAAAAA", keys: [{ rid: 2, prekey: true, data: "AAAA" }], payload: "AAAA" };
  const chat = "carol@localhost" as BareJid;
  const sent = await alice.send(chat, { kind: "omemo", omemo: omemo as never });
  assert.ok(sent.ok);
  await alice.until(() => alice.entries.find((entry) => entry.kind === "policy" && entry.chat === chat));
  const refused = await say(alice, chat, "oops");
  assert.equal(!refused.ok && refused.error.kind, "would-expose");
  const agreed = await alice.send(chat, { kind: "clear", text: "I know", exposed: true });
  assert.ok(agreed.ok);
  alice.detach();
});

test("a wrong password signs nobody in and leaves the running session alone", async () => {
  const alice = await browserOf(stack, ALICE);
  const intruder = new ScriptedBrowser(stack.url);
  const result = await intruder.signIn(ALICE, "not it");
  assert.equal(!result.ok && result.error.kind, "wrong-password");
  const call = await intruder.call("reconnect", {});
  assert.equal(!call.ok && call.error.kind, "not-signed-in");
  assert.equal(alice.link?.state, "live");
  assert.equal((await stack.xmpp.sessions(ALICE)).length, 1);
  alice.detach();
});

test("signing out ends that browser's session and no other", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  await one.post("/api/sign-out", { erase: false });
  await one.until(() => one.frames.find((frame) => frame.type === "bye"));
  const refused = await one.call("reconnect", {});
  assert.equal(!refused.ok && refused.error.kind, "not-signed-in");
  assert.ok((await two.call("reconnect", {})).ok);
  two.detach();
});

test("T58: calls and upgrades from another origin are refused before any object wakes", async () => {
  const alice = await browserOf(stack, ALICE);
  await assert.rejects(alice.post("/api/call/reconnect", {}, { origin: "https://evil.example" }), /HTTP 403/);
  await assert.rejects(alice.post("/api/call/reconnect", {}, { origin: "null" }), /HTTP 403/);
  alice.detach();
});
