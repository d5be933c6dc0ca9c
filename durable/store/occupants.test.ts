/** What browsers are told of a large room, and what that costs. */
import assert from "node:assert/strict";
import { beforeEach, mock, afterEach, test } from "node:test";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { Occupant } from "../../worker/contract/rooms.ts";
import { here, RoomService } from "../testing/room-service.ts";
import { ROOM } from "../testing/room.ts";

const PEOPLE = 5_000;
let service: RoomService;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  service = new RoomService();
});
afterEach(() => mock.timers.reset());

const person = (n: number) => here(`p${String(n).padStart(4, "0")}`, `p${n}@b.example` as BareJid);
const everybody = Array.from({ length: PEOPLE }, (_, n) => person(n));

/** We enter; the room tells who is there, us last (XEP-0045 §7.2.2). */
async function enters(): Promise<void> {
  service.onJoin = (nick) => {
    // Each is a stanza of its own.
    for (const event of everybody) service.tells(event);
    return [here(nick)];
  };
  assert.equal((await service.join("zoe")).ok, true);
  mock.timers.tick(100);
}

/** Who is there as a browser that was told all this would have it. */
function shown(frames: readonly ServerFrame[]): readonly Occupant[] {
  let list: Occupant[] = [];
  for (const frame of frames) {
    if (frame.type === "occupants") {
      const gone = new Set([...frame.gone, ...frame.here.map(({ nick }) => nick)]);
      list = [...(frame.all ? [] : list).filter(({ nick }) => !gone.has(nick)), ...frame.here];
    }
  }
  return list;
}

test("R6: in a room of 5,000 we are told first, and everybody once", async () => {
  await enters();
  const info = service.frames.flatMap((frame) => (frame.type === "rooms" ? frame.rooms : [])).at(-1);
  assert.equal(info?.occupants[0]?.nick, "zoe");
  assert.equal(info?.people, PEOPLE + 1);
  assert.equal(shown(service.frames)[0]?.nick, "zoe");
  assert.equal(shown(service.frames).length, PEOPLE + 1);
  const bytes = JSON.stringify(service.frames).length;
  assert.ok(bytes < 150 * (PEOPLE + 1), `${bytes} bytes`);
});

test("R6: whoever comes, goes or is renamed is told alone", async () => {
  await enters();
  const before = service.frames.length;
  service.tells(here("late", "late@b.example" as BareJid));
  service.tells({ kind: "room-gone", room: ROOM, nick: "p0007", self: false });
  service.tells({ kind: "room-renamed", room: ROOM, nick: "p0008", to: "p8", self: false });
  service.tells(here("p8", "p8@b.example" as BareJid));
  mock.timers.tick(100);
  const told = service.frames.slice(before);
  assert.ok(JSON.stringify(told).length < 1_000, `${JSON.stringify(told).length} bytes`);
  const nicks = shown(service.frames).map(({ nick }) => nick);
  assert.equal(nicks.length, PEOPLE + 1);
  assert.deepEqual(
    ["late", "p8", "p0007", "p0008"].map((nick) => nicks.includes(nick)),
    [true, true, false, false],
  );
});

test("R6: a browser that attaches later is told the same", async () => {
  await enters();
  const { rooms } = service.stores;
  const [info] = rooms.infos();
  assert.deepEqual([info?.occupants.length, info?.people], [1, PEOPLE + 1]);
  assert.deepEqual(shown(rooms.pieces()), shown(service.frames));
});

test("R6: who speaks in a room of 5,000 is found without reading all of them", async () => {
  await enters();
  const { rooms } = service.stores;
  const ids = new Set(Array.from({ length: PEOPLE }, (_, n) => `o${n}`));
  for (const { room, occupant } of everybody.flatMap((event) => (event.kind === "room-here" ? [event] : [])))
    rooms.put(room, { ...occupant, id: `o${Number(occupant.nick.slice(1))}` });
  const view = rooms.view(ROOM, "me@a.example" as BareJid);
  const time = (look: () => void) => {
    const started = performance.now();
    look();
    return performance.now() - started;
  };
  const byNick = time(() => {
    for (const event of everybody) if (event.kind === "room-here") assert.ok(view?.byNick(event.occupant.nick));
  });
  const byId = time(() => {
    for (const id of ids) assert.ok(view?.byId(id));
  });
  // All rows for each are 25 million: hundreds of times as long.
  assert.ok(byId < 20 * byNick, `${Math.round(byId)} ms, by nickname ${Math.round(byNick)} ms`);
});
