/** Who belongs to a private room changes while a message to it is being sealed (S3). */
import assert from "node:assert/strict";
import { afterEach, it } from "node:test";
import { until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, readersOf } from "../testing/fixture.ts";
import { ROOM, roomForTwo, type RoomFixture } from "../testing/room-fixture.ts";

let fixture: RoomFixture;

afterEach(() => fixture.end());

it("S3: who becomes a member while the others are asked for their keys can read it as well", async () => {
  const room = await roomForTwo();
  const { alice, bob } = room;
  ({ fixture } = room);
  const carol = await fixture.browser(CAROL);
  await fixture.enters(alice, ALICE);
  await fixture.enters(bob, BOB);
  const { call } = alice.remote;
  let asked = 0;
  alice.remote.call = async (name, args) => {
    const answer = await call(name, args);
    if (name !== "bundle") return answer;
    asked += 1;
    if (asked > 1) return answer;
    fixture.room.members.set(CAROL, "member");
    await fixture.tells(alice);
    return answer;
  };
  await alice.send({ chat: ROOM, text: "for all three" });
  await until(() => fixture.texts(ALICE, ROOM).length === 1);
  assert.ok(asked >= 2, "carol's keys were asked for, too");
  assert.deepEqual(
    readersOf(fixture.lastText(ALICE, ROOM)),
    [bob.device, carol.device].toSorted((a, b) => a - b),
  );
});
