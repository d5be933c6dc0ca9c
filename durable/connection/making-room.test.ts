import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import type { AccountStorage } from "../store/fullness.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { storesOf } from "../testing/stores.ts";
import type { RoomParts } from "./making-room.ts";

// After the hook that loads `.sql` files.
const { MakingRoom } = await import("./making-room.ts");

const ALICE = "alice@a.example" as BareJid;
const FULL_DISK = "database or disk is full: SQLITE_FULL";
const FIRST_WAIT_MS = 20_000;

/** An account whose storage has just been found full in a turn. */
function scene({ mock }: TestContext) {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const storage = memoryStorage();
  const stores = storesOf(ALICE, storage);
  const did: string[] = [];
  const guarded = stores.fullness.guard(storage as unknown as AccountStorage);
  const room = new MakingRoom({
    storage: guarded,
    stores,
    alarm: { forget: () => undefined },
    connection: { stop: () => did.push("stop"), retryNow: () => did.push("retry") },
  } as unknown as RoomParts);
  const write = () => stores.turn(() => stores.meta.set("stay-online", true));
  storage.failure = FULL_DISK;
  assert.throws(write, /SQLITE_FULL/);
  mock.timers.tick(0);
  const pass = async (milliseconds: number) => {
    mock.timers.tick(milliseconds);
    for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
  };
  return { storage, stores, room, did, write, pass };
}

test("S8: a full storage ends the stream; when there is room another one begins by itself", async (t) => {
  const { storage, stores, did, write, pass } = scene(t);
  assert.deepEqual(did, ["stop"]);
  storage.failure = undefined;
  assert.throws(write, /SQLITE_FULL/);
  await pass(FIRST_WAIT_MS);
  assert.deepEqual(did, ["stop", "retry"]);
  write();
  assert.equal(stores.meta.get("room"), undefined);
});

test("S8: while there is none it is tried again, less and less often", async (t) => {
  const { storage, did, pass } = scene(t);
  await pass(FIRST_WAIT_MS);
  storage.failure = undefined;
  await pass(FIRST_WAIT_MS);
  assert.ok(!did.includes("retry"));
  await pass(FIRST_WAIT_MS);
  assert.ok(did.includes("retry"));
});

test("S8: what nobody waits for is left undone", (t) => {
  const { stores } = scene(t);
  stores.note(() => stores.meta.leave(1));
  assert.equal(stores.meta.get("left-at"), undefined);
});
