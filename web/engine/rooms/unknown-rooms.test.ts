/** Rooms that have not said whether they are private, and what becomes of what is written there meanwhile. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB } from "../testing/fixture.ts";
import { ROOM, type RoomFixture, roomForTwo, roomOf, stateOf } from "../testing/room-fixture.ts";
import type { ScriptedRoom } from "../testing/scripted-room.ts";

/** Longer than anything that leaves by itself takes on the scripted network. */
const A_WHILE_MS = 150;

let fixture: RoomFixture;
let room: ScriptedRoom;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, room, alice, bob } = await roomForTwo());
});

afterEach(() => fixture.end());

describe("a room that has not said whether it is private", () => {
  beforeEach(async () => {
    room.unmade = true;
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await until(() => roomOf(alice)?.encryption === "unknown");
    await alice.send({ chat: ROOM, text: "hello" });
    await sleep(A_WHILE_MS);
    assert.equal(await stateOf(alice, "hello"), "waiting");
    assert.deepEqual(fixture.sent(ALICE, ROOM), []);
  });

  it("R3: what was written waits, over a restart too, and is encrypted once the room says that it is private", async () => {
    await alice.crash();
    assert.equal(await stateOf(alice, "hello"), "waiting");
    room.unmade = false;
    room.tell();
    await bob.waitForTexts(ROOM, ["hello"]);
    assert.deepEqual(fixture.sentInClear(ALICE, ROOM), []);
  });

  it("R3: what was written does not leave in clear when it turns out to be open; sent again it does", async () => {
    room.unmade = false;
    room.closed = false;
    room.tell();
    await until(async () => (await stateOf(alice, "hello")) === "failed");
    const [item] = await alice.items(ROOM);
    assert.equal(item?.failure?.detail, "open to everybody");
    assert.deepEqual(fixture.sent(ALICE, ROOM), []);
    await alice.engine.retry({ key: item?.key ?? "" });
    await bob.waitForTexts(ROOM, ["hello"]);
  });
});

describe("a room that was open", () => {
  beforeEach(async () => {
    room.closed = false;
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await until(() => roomOf(alice)?.encryption === "open");
  });

  it("R3: takes nothing in clear while it does not say that it still is", async () => {
    room.unmade = true;
    room.tell();
    await until(() => roomOf(alice)?.encryption === "unknown");
    await alice.send({ chat: ROOM, text: "one" });
    await sleep(A_WHILE_MS);
    assert.deepEqual(fixture.sent(ALICE, ROOM), []);
    room.unmade = false;
    room.closed = true;
    room.tell();
    await bob.waitForTexts(ROOM, ["one"]);
    assert.deepEqual(fixture.sentInClear(ALICE, ROOM), []);
  });

  it("R3: what this browser remembers of it from before a restart lets nothing out", async () => {
    fixture.object(ALICE).linked = false;
    room.unmade = true;
    await alice.crash();
    await alice.send({ chat: ROOM, text: "one" });
    await sleep(A_WHILE_MS);
    assert.deepEqual(fixture.sent(ALICE, ROOM), []);
    fixture.object(ALICE).linked = true;
    room.unmade = false;
    room.closed = true;
    room.tell();
    await bob.waitForTexts(ROOM, ["one"]);
    assert.deepEqual(fixture.sentInClear(ALICE, ROOM), []);
  });
});

describe("a room that was private", () => {
  it("R3: goes on encrypted while it does not say what it is, and is never silently clear when it says open", async () => {
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "one" });
    await bob.waitForTexts(ROOM, ["one"]);
    room.unmade = true;
    const list = room.list.bind(room);
    room.list = (by) => {
      room.unmade = false;
      const answer = list(by);
      room.unmade = true;
      return answer;
    };
    room.tell();
    await alice.send({ chat: ROOM, text: "two" });
    await bob.waitForTexts(ROOM, ["one", "two"]);
    room.unmade = false;
    room.closed = false;
    room.tell();
    await until(() => roomOf(alice)?.encryption === "blocked");
    await alice.send({ chat: ROOM, text: "three" });
    await until(async () => (await stateOf(alice, "three")) === "failed");
    assert.deepEqual(fixture.sentInClear(ALICE, ROOM), []);
  });
});
