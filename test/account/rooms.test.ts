/** Rooms in the object: against a real Prosody with its conference service, in real workerd. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { MessageEntry, RoomEntry } from "../../worker/contract.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { Conference, type Room, roomNamed, roomOf, told } from "./conference.ts";
import { ALICE, BOB, browserOf, comeBack, messagesOf, RECOVERY_MS, say } from "./people.ts";

let stack: Stack;
let conference: Conference;
before(async () => {
  stack = await startStack({ name: "rooms", endpoint: "starttls" });
  conference = new Conference(stack);
});
after(async () => stack?.stop());

function join(browser: ScriptedBrowser, room: Room, nick: string) {
  return browser.call("room", { jid: room.jid, action: "join", nick });
}

async function enter(browser: ScriptedBrowser, room: Room, nick: string): Promise<void> {
  const reply = await join(browser, room, nick);
  assert.ok(reply.ok, JSON.stringify(reply));
  await told(browser, room, (info) => info.state === "joined");
}

/** What a browser holds of a room, in the order of the conversation. */
function said(browser: ScriptedBrowser, room: Room): readonly MessageEntry[] {
  return messagesOf(browser)
    .filter(({ chat }) => chat === room.jid)
    .toSorted((one, other) => one.position - other.position);
}

function texts(browser: ScriptedBrowser, room: Room): readonly string[] {
  return said(browser, room).flatMap(({ content }) => (content.kind === "clear" ? [content.text] : []));
}

function hears(browser: ScriptedBrowser, room: Room, text: string): Promise<unknown> {
  return browser.until(() => texts(browser, room).includes(text), RECOVERY_MS);
}

test("the server says where it has rooms made", async () => {
  const alice = await browserOf(stack, ALICE);
  assert.deepEqual(await alice.call("roomService", {}), { ok: true, value: { service: "conference.localhost" } });
  alice.detach();
});

test("two people talk: everything once, in the same order, with its author and its echo", async () => {
  const room = await conference.create("talk");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(alice, room, "Alice");
  await enter(bob, room, "Bob");
  const info = await told(alice, room, ({ occupants }) => occupants.length === 2);
  assert.deepEqual(
    info.occupants.map(({ nick, jid, role }) => [nick, jid, role]),
    [
      ["Alice", ALICE, "participant"],
      ["Bob", BOB, "participant"],
    ],
  );
  assert.ok(
    info.occupants.every(({ id }) => id !== undefined),
    "the room's ids of its occupants are kept",
  );

  const names = Array.from({ length: 10 }, (_, i) => [`alice ${i}`, `bob ${i}`] as const);
  for (const [one, other] of names) await Promise.all([say(alice, room.jid, one), say(bob, room.jid, other)]);
  await say(alice, room.jid, "the end");
  // Alice has the own last words at once; Bob's come by way of the room.
  await hears(alice, room, "bob 9");
  await hears(bob, room, "the end");
  assert.equal(texts(bob, room).length, 21);
  assert.deepEqual(texts(alice, room).toSorted(), texts(bob, room).toSorted());
  // What others said stands in the room's order; an own message keeps the place where it was accepted.
  const byBob = (browser: ScriptedBrowser) => texts(browser, room).filter((text) => text.startsWith("bob"));
  assert.deepEqual(byBob(alice), byBob(bob));
  for (const [browser, own] of [
    [alice, ALICE],
    [bob, BOB],
  ] as const) {
    for (const message of said(browser, room)) {
      const author = message.content.kind === "clear" && message.content.text.startsWith("bob") ? BOB : ALICE;
      assert.equal(message.sender, author);
      assert.equal(message.sent !== undefined, author === own, "an own message is the one that was sent here");
      assert.equal(message.occupant?.nick, author === BOB ? "Bob" : "Alice");
    }
    await browser.until(() => {
      const sent = browser.entries.filter((entry) => entry.kind === "progress" && entry.state === "sent");
      return said(browser, room)
        .filter(({ sender }) => sender === own)
        .every(({ id }) => sent.some((entry) => entry.kind === "progress" && entry.message === id));
    });
  }
  const rows = await stack.objectRows(ALICE, "select archive_id from entries where kind = 'message'");
  assert.ok(rows.length > 0 && rows.every(({ archive_id }) => archive_id !== null), "the echo told the archive id");
  assert.deepEqual(await stack.objectRows(ALICE, "select * from outbox"), []);
  for (const browser of [alice, bob]) browser.detach();
});

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
    const joining = join(alice, room, "Alice").catch(() => undefined);
    await told(alice, room, ({ state }) => state === "joining");
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

test("a room that we make is for members alone, shows who they are and keeps what they say", async () => {
  const room = roomNamed("own");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(alice, room, "Alice");
  const info = await told(alice, room, ({ closed }) => closed === true);
  assert.equal(info.occupants[0]?.affiliation, "owner");
  const stranger = await join(bob, room, "Bob");
  assert.deepEqual(!stranger.ok && stranger.error, { kind: "peer-refused", detail: "members-only" });
  const left = await told(bob, room, ({ state }) => state === "left");
  assert.deepEqual(left.failure, { kind: "peer-refused", detail: "members-only" });
  await conference.affiliate(room, BOB, "member");
  const listed = await alice.call("members", { jid: room.jid });
  assert.deepEqual(listed.ok && listed.value.members, [
    { jid: ALICE, affiliation: "owner" },
    { jid: BOB, affiliation: "member" },
  ]);
  await enter(bob, room, "Bob");
  await say(alice, room.jid, "among us");
  await hears(bob, room, "among us");
  for (const browser of [alice, bob]) browser.detach();
});

test("a room that opens to everybody or closes again is told at once", async () => {
  const room = await conference.create("changing", { members_only: "1" });
  await conference.affiliate(room, ALICE, "member");
  const alice = await browserOf(stack, ALICE);
  await enter(alice, room, "Alice");
  await told(alice, room, ({ closed }) => closed === true);
  await conference.set(room, { members_only: "0" });
  await told(alice, room, ({ closed }) => closed === false);
  await conference.set(room, { members_only: "1", anonymous: "1" });
  await sleep(500);
  assert.equal(roomOf(alice, room)?.closed, false, "members that one cannot see are not enough");
  await conference.set(room, { anonymous: "0" });
  await told(alice, room, ({ closed }) => closed === true);
  alice.detach();
});

test("who is kicked, banned or no longer a member is told in words, and does not come back unasked", async () => {
  const alice = await browserOf(stack, ALICE);
  const outcomes = [
    { name: "kick", detail: "kicked", act: (room: Room) => conference.kick(room, "Alice") },
    { name: "ban", detail: "banned", act: (room: Room) => conference.affiliate(room, ALICE, "outcast") },
    { name: "unmember", detail: "affiliation changed", act: (room: Room) => conference.affiliate(room, ALICE, "none") },
    { name: "ruin", detail: "destroyed", act: (room: Room) => conference.destroy(room) },
  ];
  for (const { name, detail, act } of outcomes) {
    const room = await conference.create(name, { members_only: name === "unmember" ? "1" : "0" });
    await conference.affiliate(room, ALICE, "member");
    await enter(alice, room, "Alice");
    await act(room);
    const left = await told(alice, room, ({ state }) => state === "left");
    assert.deepEqual(left, {
      jid: room.jid,
      state: "left",
      failure: { kind: "peer-refused", detail },
      closed: name === "unmember",
      occupants: [],
    });
    const entries = alice.entries.filter(
      (entry): entry is RoomEntry => entry.kind === "room" && entry.jid === room.jid,
    );
    assert.deepEqual(
      entries.map(({ joined }) => joined),
      [true, false],
    );
    const refused = await say(alice, room.jid, "hello?");
    assert.deepEqual(!refused.ok && refused.error, { kind: "peer-refused", detail: "not in the room" });
  }
  const banned = await join(alice, roomNamed("ban"), "Alice");
  assert.deepEqual(!banned.ok && banned.error, { kind: "peer-refused", detail: "banned" });
  alice.detach();
});

test("a nickname that is taken gets an underscore", async () => {
  const room = await conference.create("names");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(alice, room, "Somebody");
  await enter(bob, room, "Somebody");
  assert.deepEqual(await conference.occupants(room), ["Somebody", "Somebody_"]);
  const info = await told(bob, room, ({ occupants }) => occupants.length === 2);
  assert.deepEqual(
    info.occupants.map(({ nick, jid }) => [nick, jid]),
    [
      ["Somebody_", BOB],
      ["Somebody", ALICE],
    ],
  );
  await enter(bob, room, "Robert");
  await told(alice, room, ({ occupants }) => occupants.some(({ nick }) => nick === "Robert"));
  assert.deepEqual(await conference.occupants(room), ["Robert", "Somebody"]);
  await say(bob, room.jid, "under another name");
  await hears(alice, room, "under another name");
  assert.equal(said(alice, room).at(-1)?.sender, BOB);
  for (const browser of [alice, bob]) browser.detach();
});

test("whoever leaves is out for themselves and for the others, and stays out", async () => {
  const room = await conference.create("farewell");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(alice, room, "Alice");
  await enter(bob, room, "Bob");
  assert.ok((await alice.call("room", { jid: room.jid, action: "leave", nick: "Alice" })).ok);
  const left = await told(alice, room, ({ state }) => state === "left");
  assert.equal(left.failure, undefined);
  await told(bob, room, ({ occupants }) => occupants.length === 1);
  await say(bob, room.jid, "gone already?");
  await stack.resetObject(ALICE);
  await comeBack(alice);
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  await sleep(500);
  assert.deepEqual(await conference.occupants(room), ["Bob"]);
  assert.deepEqual(texts(alice, room), []);
  for (const browser of [alice, bob]) browser.detach();
});

test("a room without archive and without addresses works all the same: the room is the author", async () => {
  const room = await conference.create("plain", { anonymous: "1", no_archive: "1" });
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(bob, room, "Bob");
  await say(bob, room.jid, "before Alice came");
  await hears(bob, room, "before Alice came");
  await enter(alice, room, "Alice");
  await say(alice, room.jid, "good morning");
  await say(bob, room.jid, "good morning");
  await alice.until(() => texts(alice, room).length === 3);
  await bob.until(() => texts(bob, room).length === 3);
  const message = said(alice, room).find(({ sender }) => sender !== ALICE);
  assert.equal(message?.sender, room.jid);
  assert.equal(message?.occupant?.nick, "Bob");
  await enter(alice, room, "Alice");
  assert.equal(roomOf(alice, room)?.closed, false);
  for (const browser of [alice, bob]) browser.detach();
});
