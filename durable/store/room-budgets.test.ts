import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../worker/contract/entries.ts";
import type { BareJid, Seq } from "../../worker/contract/names.ts";
import type { MessageEvent } from "../ingest/stanza-event.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { storesOf } from "../testing/stores.ts";

// After the hook that loads `.sql` files.
const { Applier } = await import("./apply.ts");

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const ROOM = "room@rooms.example" as BareJid;
const OTHER = "other@rooms.example" as BareJid;
const KILOBYTE = 1_024;
const HOUR_MS = 60 * 60_000;
const OF_ONE = 5_000;
const OF_ROOM = 20_000;
/** Costs a hundred of a kilobyte. */
const LONG = { length: 99 * KILOBYTE };

let ids = 0;

function said(nick: string, { room = ROOM, length = 0, outgoing = false } = {}): MessageEvent {
  ids += 1;
  return {
    kind: "message",
    chat: room,
    sender: outgoing ? ALICE : room,
    outgoing,
    at: Date.now(),
    occupant: { nick },
    originId: `m${ids}`,
    content: { kind: "clear", text: "x".repeat(length) },
  };
}

function scene(storage = memoryStorage()) {
  const stores = storesOf(ALICE, storage);
  const applier = new Applier(stores);
  stores.turn(() => {
    for (const room of [ROOM, OTHER]) stores.rooms.want(room, "alice");
  });
  const take = (...events: Parameters<typeof applier.apply>[0]) => stores.turn(() => applier.apply(events));
  const count = (fits: (entry: Entry) => boolean): number => {
    let [found, at] = [0, 0];
    for (;;) {
      const { entries } = stores.log.page(at as Seq, 500);
      if (entries.length === 0) return found;
      at = entries.at(-1)?.seq ?? at;
      found += entries.filter(fits).length;
    }
  };
  /** Of those whose names begin so. */
  const kept = (by: string, room = ROOM) =>
    count((entry) => entry.kind === "message" && entry.chat === room && entry.occupant?.nick.startsWith(by) === true);
  const marks = () => count((entry) => entry.kind === "gap" && entry.why === "flood");
  return { stores, take, kept, marks };
}

test("S8: of what one occupant writes without end so much is kept, and one line says that there was more; others go on", () => {
  const { take, kept, marks } = scene();
  for (let n = 0; n < 200; n += 1) take(said("eve", LONG));
  assert.equal(kept("eve"), OF_ONE / 100);
  assert.equal(marks(), 1);
  for (let n = 0; n < 100; n += 1) take(said("bob"));
  assert.equal(kept("bob"), 100);
});

test("S8: of a room so much is kept under whatever names, and neither our own words nor other conversations suffer", () => {
  const { stores, take, kept, marks } = scene();
  take({ kind: "contact", jid: BOB, subscription: "both", asked: false });
  for (let n = 0; n < 400; n += 1) take(said(`eve${n}`, LONG));
  assert.equal(kept("eve"), OF_ROOM / 100);
  assert.equal(marks(), 1);
  take(said("alice", { outgoing: true }));
  assert.equal(kept("alice"), 1);
  take(said("carol", { room: OTHER }));
  assert.equal(kept("carol", OTHER), 1);
  const { head } = stores.log;
  const { occupant: _, ...rest } = said("bob");
  take({ ...rest, chat: BOB, sender: BOB });
  assert.equal(stores.log.head, head + 1, "a contact writes as ever");
});

test("S8: what a room has used up comes back with time, and is remembered by an object that starts again", ({
  mock,
}) => {
  mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 10, 27) });
  const storage = memoryStorage();
  const before = scene(storage);
  for (let n = 0; n < 400; n += 1) before.take(said(`eve${n}`, LONG));
  const after = scene(storage);
  for (let n = 0; n < 10; n += 1) after.take(said(`mallory${n}`, LONG));
  assert.ok(after.kept("mallory") <= 1, "but what was not written down yet");
  mock.timers.tick(HOUR_MS);
  for (let n = 0; n < 10; n += 1) after.take(said(`mallory${n}`, LONG));
  assert.ok(after.kept("mallory") >= 7 && after.kept("mallory") <= 8, "720 kilobytes an hour");
});

test("S8: history that somebody asks for is not counted", () => {
  const { stores, kept } = scene();
  const applier = new Applier(stores);
  for (let n = 0; n < 100; n += 1) stores.turn(() => applier.apply([said("eve", LONG)], () => undefined, true));
  assert.equal(kept("eve"), 100);
});

test("S8: what a room writes as itself, and under our name, is counted as what anybody says there", () => {
  const { stores, take, kept } = scene();
  const moderation = (n: number): MessageEvent => ({
    ...{ kind: "message", chat: ROOM, sender: ROOM, outgoing: false, at: Date.now(), originId: `moderation${n}` },
    act: { kind: "moderation", of: { id: "x".repeat(100) } },
    content: { kind: "none" },
  });
  for (let n = 0; n < OF_ONE + 50; n += 1) take(moderation(n));
  assert.ok(stores.log.head <= OF_ONE + 20, String(stores.log.head));
  for (let n = 0; n < 200; n += 1) take(said("alice", { ...LONG, outgoing: true }));
  assert.equal(kept("alice"), OF_ONE / 100);
});
