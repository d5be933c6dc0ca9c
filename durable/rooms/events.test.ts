import assert from "node:assert/strict";
import { test } from "node:test";
import type { Occupant, RoomChange } from "../../worker/contract/rooms.ts";
import type { RoomEvent } from "../ingest/stanza-event.ts";
import { here, PRIVATE, RoomService } from "../testing/room-service.ts";
import { ROOM } from "../testing/room.ts";

const BOB = { nick: "bob", jid: "bob@b.example", affiliation: "member", role: "participant" } as Occupant;

async function inside(): Promise<RoomService> {
  const service = new RoomService();
  service.says = PRIVATE;
  service.onJoin = (nick) => [present(BOB), here(nick)];
  await service.join();
  await new Promise((resolve) => setTimeout(resolve, 10));
  return service;
}

const present = (occupant: Occupant, told: object = {}): RoomEvent => ({
  ...{ kind: "room-here", room: ROOM, occupant, self: false, created: false, ...told },
});
const take = (service: RoomService, event: RoomEvent) => service.stores.turn(() => service.occupancy.take([event]));
const lines = ({ stores }: RoomService): readonly RoomChange[] =>
  stores.log.page(0 as never, 100).entries.flatMap((entry) => {
    return entry.kind === "message" && entry.content.kind === "room" ? [entry.content.what] : [];
  });

test("what becomes of somebody is one entry of the log, once", async () => {
  const service = await inside();
  assert.deepEqual(lines(service), [], "who is there when we come is no news");
  const admin = { ...BOB, affiliation: "admin", role: "moderator" } as const;
  take(service, present(admin, { by: "anna" }));
  take(service, present(admin, { by: "anna" }));
  assert.deepEqual(lines(service), [{ change: "became", affiliation: "admin", nick: "bob", by: "anna" }]);
});

test("whoever is put out of a private room belongs to it no more until they are let in again", async () => {
  const service = await inside();
  const removed = () => service.stores.rooms.get(ROOM)?.removed;
  take(service, { kind: "room-gone", room: ROOM, nick: "bob", self: false, why: "banned" });
  assert.deepEqual(removed(), [BOB.jid]);
  take(service, { kind: "room-member", room: ROOM, jid: BOB.jid as never, affiliation: "member" });
  assert.equal(removed(), undefined);
  take(service, { kind: "room-member", room: ROOM, jid: BOB.jid as never, affiliation: "none" });
  assert.deepEqual(removed(), [BOB.jid]);
  take(service, present(BOB));
  assert.equal(removed(), undefined);
});

test("of a room that is closed for good browsers are told why, and where to go", async () => {
  const service = await inside();
  take(service, {
    ...{ kind: "room-gone", room: ROOM, nick: "me", self: true, why: "destroyed", reason: "done" },
    instead: "new@conference.b.example" as never,
  });
  const [info] = service.stores.rooms.infos();
  assert.equal(info?.failure?.detail, "destroyed");
  assert.deepEqual(info?.about, { reason: "done", instead: "new@conference.b.example" });
});
