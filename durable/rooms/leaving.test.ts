/** Rooms that are left in the middle of something, or that go on as if they had not been. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { MessageEvent } from "../ingest/stanza-event.ts";
import { ROOM } from "../testing/room.ts";
import { here, OPEN, PRIVATE, RoomService } from "../testing/room-service.ts";

let service: RoomService;
beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.UTC(2026, 0, 1) });
  service = new RoomService();
});
afterEach(() => mock.timers.reset());

const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
};
const presences = () =>
  service.sent.filter(({ name }) => name === "presence").map(({ attrs }) => (attrs["type"] as string) ?? "enters");
const says = (originId: string): MessageEvent => {
  const occupant = { nick: "carol" } as const;
  const content = { kind: "clear", text: originId } as const;
  return { kind: "message", chat: ROOM, sender: ROOM, outgoing: false, at: 1, originId, occupant, content };
};

for (const known of [false, true])
  test(`a room that is left while it is asked what it is, ${known ? "once more" : "for the first time"}, is not entered after that`, async () => {
    if (known) {
      await service.join();
      await service.occupancy.leave(ROOM);
      service.sent.length = 0;
    }
    const joining = service.join();
    await service.occupancy.leave(ROOM);
    await settled();
    mock.timers.tick(60_000);
    assert.equal((await joining).ok, false);
    assert.notEqual(presences().at(-1), "enters", "nobody stands in a room without knowing");
    assert.notEqual(service.info()?.state, "joined");
  });

test("a room that lets us in when we have left it is not entered by that, however often it says so", async () => {
  service.onJoin = () => [];
  const joining = service.join();
  await settled();
  await service.occupancy.leave(ROOM);
  assert.equal((await joining).ok, false);
  service.sent.length = 0;
  for (let n = 0; n < 5; n += 1) service.tells(here("me"));
  await settled();
  assert.notEqual(service.info()?.state, "joined");
  assert.deepEqual(presences(), []);
});

test("a room that we were in and have left cannot put us back, say that it has put us out, or write on", async () => {
  await service.join();
  await service.occupancy.leave(ROOM);
  const { head } = service.stores.log;
  const room = { room: ROOM, nick: "me", self: true } as const;
  service.tells(here("me"));
  service.tells({ ...room, kind: "room-gone", why: "banned", reason: "lies" } as never);
  service.tells(says("one"), says("two"));
  await settled();
  assert.equal(service.info()?.state, "left");
  assert.equal(service.info()?.failure, undefined);
  assert.equal(service.stores.log.head, head, "nothing of it is in the log");
});

const made = (nick: string) => [{ ...here(nick), created: true } as never];

test("R1: a room that a service opens for everybody where a private one was wanted is closed again, and said", async () => {
  service.says = OPEN;
  service.onJoin = made;
  const answer = await service.join("me", { name: "Secrets" });
  assert.deepEqual(answer, { ok: false, error: { kind: "peer-refused", detail: "not private" } });
  assert.deepEqual([service.info()?.state, presences().at(-1)], ["left", "unavailable"]);
  assert.ok(service.requests.some((iq) => String(iq).includes("<destroy")));
  mock.timers.tick(600_000);
  await settled();
  service.occupancy.heartbeat(Date.now());
  assert.equal(presences().at(-1), "unavailable", "it is not entered again");
});

test("R1: a private one stands, and so does one that does not say what it is, where nothing goes in clear", async () => {
  service.onJoin = made;
  for (const says of [PRIVATE, "timed-out"] as const) {
    service.says = says;
    assert.equal((await service.join()).ok, true);
    assert.equal(service.info()?.state, "joined");
    await service.occupancy.leave(ROOM);
  }
});

test("a room whose making a lost stream breaks off is made on the next one, by its name", async () => {
  service.onJoin = made;
  service.says = PRIVATE;
  service.onRequest = (iq) => {
    if (String(iq).includes("muc#owner")) service.live = false;
  };
  assert.deepEqual(await service.join("me", { name: "Ridge walks" }), { ok: false, error: { kind: "offline" } });
  service.occupancy.lost();
  service.live = true;
  service.onRequest = undefined;
  service.requests.length = 0;
  service.form = true;
  service.occupancy.begin();
  await settled();
  assert.ok(
    service.requests.some((iq) => /roomname"[^>]*><value>Ridge walks/.test(String(iq))),
    "it is called so",
  );
  assert.equal(service.info()?.state, "joined");
});
