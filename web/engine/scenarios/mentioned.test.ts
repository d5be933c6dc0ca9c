/** Messages of a room that name whoever reads them. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { newClientId } from "../protocol/engine.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB } from "../testing/fixture.ts";
import { ROOM, type RoomFixture, roomForTwo, roomOf, stateOf } from "../testing/room-fixture.ts";

let fixture: RoomFixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await roomForTwo());
  await fixture.enters(alice, ALICE);
  await fixture.enters(bob, BOB);
});

afterEach(() => fixture.end());

const counts = () => [roomOf(alice)?.unread, roomOf(alice)?.mentions ?? 0];
const becomes = (unread: number, mentions: number) => until(() => counts().join() === [unread, mentions].join());

describe("what names us in a room", () => {
  it("is counted while it is unread, after a restart as well", async () => {
    await bob.send({ chat: ROOM, text: "who comes along?" });
    await bob.send({ chat: ROOM, text: "Alice: you?" });
    await becomes(2, 1);
    await alice.crash();
    assert.deepEqual(counts(), [2, 1]);
    const newest = roomOf(alice)?.newest;
    assert.ok(newest !== undefined);
    await alice.engine.read({ chat: ROOM, position: newest });
    await becomes(0, 0);
    await bob.send({ chat: ROOM, text: "a malice of cats" });
    await becomes(1, 0);
  });

  it("is what stands there now: one that was corrected names us, or no longer does", async () => {
    const client = newClientId();
    await bob.send({ client, chat: ROOM, text: "alice, hurry" });
    await becomes(1, 1);
    await until(async () => (await stateOf(bob, "alice, hurry")) === "sent");
    const answer = await bob.send({ chat: ROOM, text: "everybody, hurry", replaces: client });
    assert.ok(answer.ok);
    await becomes(1, 0);
  });
});
