/** Rooms where nothing is encrypted, or nothing any more. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB } from "../testing/fixture.ts";
import { ROOM, type RoomFixture, roomForTwo, roomOf, stateOf } from "../testing/room-fixture.ts";
import type { ScriptedRoom } from "../testing/scripted-room.ts";

let fixture: RoomFixture;
let room: ScriptedRoom;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, room, alice, bob } = await roomForTwo());
});

afterEach(() => fixture.end());

describe("a room that is no longer private", () => {
  beforeEach(async () => {
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "private" });
    await bob.waitForTexts(ROOM, ["private"]);
    room.closed = false;
    room.tell();
    for (const who of [alice, bob]) await until(() => roomOf(who)?.encryption === "blocked");
  });

  it("takes nothing by itself, encrypted or clear, and says why", async () => {
    await alice.send({ chat: ROOM, text: "secret" });
    await until(async () => (await stateOf(alice, "secret")) === "failed");
    assert.equal((await alice.items(ROOM))[1]?.failure?.detail, "no longer private");
    assert.equal(fixture.sent(ALICE, ROOM).length, 1);
    await alice.crash();
    assert.equal(roomOf(alice)?.encryption, "blocked");
    await alice.engine.retry({ key: (await alice.items(ROOM))[1]?.key ?? "" });
    await until(async () => (await stateOf(alice, "secret")) === "failed");
    assert.equal(fixture.sent(ALICE, ROOM).length, 1);
  });

  it("takes clear text after a person's word in this browser, and encrypts as soon as it is private again", async () => {
    await alice.engine.expose({ chat: ROOM });
    assert.equal(roomOf(alice)?.encryption, "exposed");
    assert.equal(roomOf(bob)?.encryption, "blocked");
    await alice.send({ chat: ROOM, text: "in clear" });
    await until(() => fixture.sent(ALICE, ROOM).length === 2);
    assert.deepEqual(fixture.sent(ALICE, ROOM)[1]?.content, { kind: "clear", text: "in clear", exposed: true });
    room.closed = true;
    room.tell();
    await until(() => roomOf(alice)?.encryption === "on");
    await alice.send({ chat: ROOM, text: "private again" });
    await bob.waitForTexts(ROOM, ["private", "in clear", "private again"]);
    assert.equal(fixture.sent(ALICE, ROOM)[2]?.content.kind, "omemo");
    room.closed = false;
    room.tell();
    await until(() => roomOf(alice)?.encryption === "blocked");
  });
});

describe("a room for everybody", () => {
  it("is clear by nature and says so", async () => {
    room.closed = false;
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await until(() => roomOf(alice)?.encryption === "open");
    await alice.send({ chat: ROOM, text: "good morning" });
    await bob.waitForTexts(ROOM, ["good morning"]);
    assert.deepEqual(fixture.sent(ALICE, ROOM)[0]?.content, { kind: "clear", text: "good morning", exposed: false });
    assert.equal((await bob.items(ROOM))[0]?.encrypted, false);
  });

  it("is not what a person turns into by the object's word", async () => {
    await alice.send({ chat: BOB, text: "to bob" });
    await bob.waitForTexts(ALICE, ["to bob"]);
    const object = fixture.object(ALICE);
    object.append({ kind: "room", jid: BOB, nick: "alice", joined: true } as never);
    object.tell({ type: "rooms", rooms: [{ jid: BOB, state: "joined", closed: false, occupants: [] }] });
    await alice.send({ chat: BOB, text: "still to bob" });
    await bob.waitForTexts(ALICE, ["to bob", "still to bob"]);
    assert.equal(object.sends.at(-1)?.content.kind, "omemo");
    assert.equal(alice.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.room, undefined);
  });
});
