/** Rooms in the object: against a real Prosody with its conference service, in real workerd. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { RoomEntry } from "../../worker/contract/entries.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { Conference, type Room, roomNamed, roomOf, told } from "./conference.ts";
import { ALICE, BOB, browserOf, comeBack, RECOVERY_MS, say } from "./people.ts";
import { enter, hears, join, said, texts } from "./room-talk.ts";

let stack: Stack;
let conference: Conference;
before(async () => {
  stack = await startStack({ name: "rooms", endpoint: "starttls" });
  conference = new Conference(stack);
});
after(async () => stack?.stop());

test("the server says where it has rooms made", async () => {
  const alice = await browserOf(stack, ALICE);
  assert.deepEqual(await alice.call("roomService", {}), {
    ok: true,
    value: { service: "conference.localhost", pictures: true },
  });
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

test("a room that we make is for members alone, shows who they are and keeps what they say", async () => {
  const room = roomNamed("own");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(alice, room, "Alice");
  const info = await told(alice, room, ({ closed }) => closed === true);
  assert.equal(info.occupants[0]?.affiliation, "owner");
  const stranger = await join(bob, room, "Bob");
  assert.deepEqual(!stranger.ok && stranger.error, { kind: "peer-refused", detail: "members-only" });
  assert.equal(roomOf(bob, room), undefined, "nothing of it is left in the list");
  await conference.affiliate(room, BOB, "member");
  const listed = await alice.call("members", { jid: room.jid });
  assert.deepEqual(listed.ok && listed.value.members, [
    { jid: ALICE, affiliation: "owner" },
    { jid: BOB, affiliation: "member" },
  ]);
  await enter(bob, room, "Bob");
  const refused = await say(alice, room.jid, "in clear");
  assert.deepEqual(!refused.ok && refused.error, { kind: "would-expose", detail: "now private" });
  await alice.send(room.jid, { kind: "clear", text: "among us", exposed: true });
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
