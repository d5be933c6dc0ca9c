/** Private rooms whose list of members is for admins alone. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL } from "../testing/fixture.ts";
import { ROOM, RoomFixture, roomOf, stateOf } from "../testing/room-fixture.ts";

let fixture: RoomFixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  fixture = new RoomFixture();
  fixture.room.listForAdmins = true;
  alice = await fixture.browser(ALICE);
  bob = await fixture.browser(BOB);
  await fixture.enters(alice, ALICE);
  await fixture.enters(bob, BOB);
  await bob.engine.members({ room: ROOM });
});

afterEach(() => fixture.end());

describe("a room that keeps its list of members to its admins", () => {
  it("R11: is like any other for those who see the list", async () => {
    await alice.send({ chat: ROOM, text: "from the owner" });
    await bob.waitForTexts(ROOM, ["from the owner"]);
    assert.equal(roomOf(alice)?.room?.unlisted, undefined);
  });

  it("R11: takes nothing of a plain member before they have agreed, and says why", async () => {
    await until(() => roomOf(bob)?.encryption === "unlisted");
    await bob.send({ chat: ROOM, text: "hello" });
    await until(async () => (await stateOf(bob, "hello")) === "failed");
    assert.equal((await bob.items(ROOM))[0]?.failure?.detail, "members kept");
    assert.deepEqual(fixture.sent(BOB, ROOM), []);
  });

  it("R11: after that it is encrypted for those who were seen there, in this browser alone and over a restart", async () => {
    const carol = await fixture.browser(CAROL);
    await fixture.enters(carol, CAROL);
    await until(() => roomOf(bob)?.encryption === "unlisted");
    await bob.engine.writeToKnown({ chat: ROOM });
    await until(() => roomOf(bob)?.encryption !== "unlisted");
    assert.equal(roomOf(bob)?.room?.unlisted, true);
    await bob.send({ chat: ROOM, text: "one" });
    for (const reader of [alice, carol]) await reader.waitForTexts(ROOM, ["one"]);
    // Whoever was seen once is still known after having gone.
    await carol.engine.room({ address: ROOM, action: "leave" });
    await bob.crash();
    await bob.send({ chat: ROOM, text: "two" });
    await alice.waitForTexts(ROOM, ["one", "two"]);
    const keys = fixture
      .sent(BOB, ROOM)
      .map(({ content }) => (content.kind === "omemo" ? content.omemo.keys.length : 0));
    assert.deepEqual(keys, [2, 2]);
    assert.deepEqual(fixture.sentInClear(BOB, ROOM), []);
    assert.equal(roomOf(carol)?.encryption === "on" && roomOf(carol)?.room?.unlisted, false);
  });

  it("R11: is like any other once it shows the list", async () => {
    await until(() => roomOf(bob)?.encryption === "unlisted");
    fixture.room.listForAdmins = false;
    await bob.engine.checkEncryption({ chat: ROOM });
    await until(() => roomOf(bob)?.encryption !== "unlisted");
    assert.equal(roomOf(bob)?.room?.unlisted, undefined);
  });
});
