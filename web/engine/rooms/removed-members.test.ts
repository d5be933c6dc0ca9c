/** Whoever is put out of a private room is among the readers of the next message no more; whoever comes in is. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { TestBrowser } from "../testing/browser.ts";
import { ALICE, BOB, CAROL } from "../testing/fixture.ts";
import { ROOM, type RoomFixture, roomForTwo } from "../testing/room-fixture.ts";
import type { ScriptedRoom } from "../testing/scripted-room.ts";

let fixture: RoomFixture;
let room: ScriptedRoom;
let alice: TestBrowser;
let bob: TestBrowser;
let carol: TestBrowser;

/** Devices for which the newest message of alice's was encrypted. */
const readers = (): readonly DeviceId[] => {
  const sent = fixture.object(ALICE).sends.filter(({ chat }) => chat === ROOM) as readonly SendArguments[];
  const content = sent.at(-1)?.content;
  return content?.kind === "omemo" ? content.omemo.keys.map(({ rid }) => rid) : [];
};
const carols = () => fixture.object(CAROL).devices[0] as DeviceId;

beforeEach(async () => {
  ({ fixture, room, alice, bob } = await roomForTwo());
  carol = await fixture.browser(CAROL);
  await fixture.enters(alice, ALICE);
  await fixture.enters(bob, BOB);
  await fixture.enters(carol, CAROL);
  await alice.send({ chat: ROOM, text: "to all" });
  await carol.waitForTexts(ROOM, ["to all"]);
});

afterEach(() => fixture.end());

describe("the next message after somebody was put out", () => {
  for (const affiliation of ["none", "outcast"] as const)
    it(`is not encrypted for them (${affiliation}), though the room has not told it yet`, async () => {
      assert.ok(readers().includes(carols()));
      const tell = room.tell.bind(room);
      room.tell = () => undefined;
      const answer = await alice.engine.ask({ call: "affiliate", about: { room: ROOM, jid: CAROL, affiliation } });
      assert.equal(answer.ok, true);
      await alice.send({ chat: ROOM, text: "without carol" });
      await bob.waitForTexts(ROOM, ["to all", "without carol"]);
      assert.equal(readers().includes(carols()), false);
      room.tell = tell;
    });

  it("is not, either, where the room keeps its list to itself and they were seen there before", async () => {
    room.listForAdmins = true;
    room.members.set(ALICE, "member");
    room.tell();
    await alice.engine.writeToKnown({ chat: ROOM });
    await alice.send({ chat: ROOM, text: "by those who were seen" });
    await carol.waitForTexts(ROOM, ["to all", "by those who were seen"]);
    assert.ok(readers().includes(carols()));
    room.affiliate("service" as never, CAROL, "outcast");
    await alice.send({ chat: ROOM, text: "without carol" });
    await bob.waitForTexts(ROOM, ["to all", "by those who were seen", "without carol"]);
    assert.equal(readers().includes(carols()), false);
  });
});

describe("the rooms that are shared with somebody", () => {
  const shared = () => alice.engine.sharedRooms({ jid: CAROL });

  it("are those of whoever is there or belongs to it", async () => {
    assert.deepEqual(await shared(), [ROOM]);
  });

  for (const affiliation of ["none", "outcast"] as const)
    it(`are no longer those that they were put out of (${affiliation}), told or not`, async () => {
      room.tell = () => undefined;
      await alice.engine.ask({ call: "affiliate", about: { room: ROOM, jid: CAROL, affiliation } });
      await alice.engine.members({ room: ROOM });
      assert.deepEqual(await shared(), []);
    });

  it("are asked for anew where they are not there: somebody else may have put them out", async () => {
    assert.deepEqual(await shared(), [ROOM]);
    room.here.delete(CAROL);
    room.members.delete(CAROL);
    await fixture.tells(alice);
    assert.deepEqual(await shared(), []);
  });

  it("are shown before a room has answered whether somebody who is not there belongs to it, where that is certain", async () => {
    const known = () => alice.engine.sharedRooms({ jid: CAROL, known: true });
    assert.deepEqual(await known(), [ROOM]);
    room.here.delete(CAROL);
    await fixture.tells(alice);
    assert.deepEqual(await known(), [], "nobody was asked");
    assert.deepEqual(await shared(), [ROOM], "she belongs to it still");
    assert.deepEqual(await known(), [ROOM]);
  });
});
