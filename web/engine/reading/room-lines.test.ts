/** What a room says has become of it stands in its place, and is nobody's word. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomChange } from "../../../worker/contract/rooms.ts";
import { ALICE, BOB, twoPeople } from "../testing/fixture.ts";

const ROOM = "room@rooms.example" as BareJid;

it("a room's line is neither unread nor its last word, and comes back as it was told", async () => {
  const { fixture, alice } = await twoPeople();
  const object = fixture.object(ALICE);
  object.append({ kind: "room", jid: ROOM, nick: "alice", joined: true });
  const occupant = { nick: "bob" };
  object.deliver({ chat: ROOM, sender: BOB, occupant, content: { kind: "clear", text: "hello" } });
  const what: RoomChange = { change: "became", affiliation: "outcast", nick: "eve", by: "bob", reason: "adverts" };
  object.deliver({ chat: ROOM, sender: ROOM, content: { kind: "room", what } });
  await fixture.hasReadAll(alice);
  assert.deepEqual(
    (await alice.items(ROOM)).map(({ body }) => body),
    [
      { kind: "text", text: "hello" },
      { kind: "reason", reason: "room", room: what },
    ],
  );
  const row = alice.engine.snapshot().chats.find(({ jid }) => jid === ROOM);
  assert.deepEqual([row?.unread, row?.last?.body], [1, { kind: "text", text: "hello" }]);
  await fixture.end();
});
