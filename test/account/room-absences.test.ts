/** What an absence does to being in rooms: of the object, of the server, of a browser. Against a real Prosody, in workerd. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Stack, startStack } from "../stack.ts";
import { Conference, roomOf, told } from "./conference.ts";
import { ALICE, BOB, browserOf, comeBack, RECOVERY_MS, say } from "./people.ts";
import { enter, hears, join, said, texts } from "./room-talk.ts";

let stack: Stack;
let conference: Conference;
before(async () => {
  stack = await startStack({ name: "room-absences", endpoint: "starttls" });
  conference = new Conference(stack);
});
after(async () => stack?.stop());

for (const stream of ["the same stream", "a new stream"] as const) {
  test(`an object that is reset in a room goes on with ${stream}, sees the same people and has missed nothing`, async () => {
    const room = await conference.create(`reset-${stream === "a new stream" ? "new" : "same"}`);
    const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
    await enter(alice, room, "Alice");
    await enter(bob, room, "Bob");
    const before = await told(alice, room, ({ occupants }) => occupants.length === 2);
    await told(bob, room, ({ occupants }) => occupants.length === 2);
    const closed = alice.closed;
    const toldBob = bob.frames.length;
    // Without what is kept of the stream it cannot be resumed.
    if (stream === "a new stream") await stack.objectRows(ALICE, "delete from stream");
    await stack.resetObject(ALICE);
    await say(bob, room.jid, "while Alice was away");
    await alice.until(() => alice.closed > closed);
    await comeBack(alice);
    assert.deepEqual(roomOf(alice, room), before, "the snapshot of an object that has just woken");
    await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
    await hears(alice, room, "while Alice was away");
    await say(alice, room.jid, "back again");
    await hears(bob, room, "back again");
    const again = alice.closed;
    alice.detach();
    await alice.until(() => alice.closed > again);
    await alice.attach();
    assert.deepEqual(roomOf(alice, room), before, "the snapshot once everything is as before");
    assert.deepEqual(texts(bob, room), ["while Alice was away", "back again"]);
    assert.deepEqual(texts(alice, room), texts(bob, room));
    const news = bob.frames.slice(toldBob).filter((frame) => frame.type === "rooms");
    if (stream === "the same stream") assert.deepEqual(news, [], "nobody saw Alice go");
    for (const browser of [alice, bob]) browser.detach();
  });
}

test("an object that is reset while it enters a room is in it all the same, once", async () => {
  const room = await conference.create("halfway");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(bob, room, "Bob");
  const closed = alice.closed;
  stack.xmpp.pause();
  try {
    // The object is reset under the call, which may fail by that: what counts is the room afterwards.
    const joining = join(alice, room, "Alice").catch(() => undefined);
    // No browser is told of a room before it has let us in.
    const onTheWay = async () =>
      (await stack.objectRows(ALICE, `select state from rooms where jid = '${room.jid}'`))[0]?.["state"] === "joining";
    while (!(await onTheWay())) await sleep(20);
    await stack.resetObject(ALICE);
    await joining;
  } finally {
    stack.xmpp.resume();
  }
  await alice.until(() => alice.closed > closed);
  await comeBack(alice);
  await told(alice, room, ({ state, occupants }) => state === "joined" && occupants.length === 2);
  assert.deepEqual(await conference.occupants(room), ["Alice", "Bob"]);
  await say(bob, room.jid, "there you are");
  await hears(alice, room, "there you are");
  for (const browser of [alice, bob]) browser.detach();
});

test("a message into a room whose server is silent arrives once, though the object is reset meanwhile", async () => {
  const room = await conference.create("silence");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(alice, room, "Alice");
  await enter(bob, room, "Bob");
  stack.xmpp.pause();
  try {
    assert.ok((await say(alice, room.jid, "did you all get this")).ok);
    await sleep(200);
    await stack.resetObject(ALICE);
  } finally {
    stack.xmpp.resume();
  }
  await comeBack(alice);
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  await say(alice, room.jid, "and this");
  await hears(bob, room, "and this");
  assert.deepEqual(texts(bob, room), ["did you all get this", "and this"]);
  assert.deepEqual(texts(alice, room), texts(bob, room));
  for (const browser of [alice, bob]) browser.detach();
});

test("the server stops and starts again: everybody is back, what was written meanwhile arrives once", async () => {
  const room = await conference.create("restart");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(alice, room, "Alice");
  await enter(bob, room, "Bob");
  await stack.xmpp.stop();
  await alice.until(() => alice.link?.state === "waiting");
  assert.ok((await say(alice, room.jid, "into the void")).ok, "the object takes it");
  await stack.xmpp.start();
  await alice.call("reconnect", {});
  await bob.call("reconnect", {});
  for (const browser of [alice, bob]) {
    await browser.until(() => browser.link?.state === "live" && browser.link.caughtUp, RECOVERY_MS);
    await told(browser, room, ({ state, occupants }) => state === "joined" && occupants.length === 2);
  }
  await hears(bob, room, "into the void");
  await say(bob, room.jid, "heard");
  await hears(alice, room, "heard");
  assert.deepEqual(texts(bob, room), ["into the void", "heard"]);
  assert.deepEqual(texts(alice, room), ["into the void", "heard"]);
  for (const browser of [alice, bob]) browser.detach();
});

test("whoever was away is given what the room has said meanwhile, in order", async () => {
  const room = await conference.create("absence");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(alice, room, "Alice");
  await enter(bob, room, "Bob");
  await say(alice, room.jid, "before");
  await hears(bob, room, "before");
  bob.detach();
  await bob.until(() => bob.closed > 0);
  await stack.resetObject(BOB);
  for (let i = 0; i < 120; i += 1) await say(alice, room.jid, `missed ${i}`);
  await alice.until(() => alice.entries.filter((entry) => entry.kind === "progress").length >= 121, RECOVERY_MS);
  await comeBack(bob);
  await hears(bob, room, "missed 119");
  await say(alice, room.jid, "welcome back");
  await hears(bob, room, "welcome back");
  assert.deepEqual(texts(bob, room), [
    "before",
    ...Array.from({ length: 120 }, (_, i) => `missed ${i}`),
    "welcome back",
  ]);
  assert.ok(
    said(bob, room).every(({ sender, occupant }) => sender === ALICE && occupant?.nick === "Alice"),
    "the archive of an open room names the authors",
  );
  for (const browser of [alice, bob]) browser.detach();
});
