import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, EntryId } from "../../worker/contract/names.ts";
import { Log } from "../log/log.ts";
import { Fullness } from "./fullness.ts";
import { memoryStorage } from "../testing/sql-storage.ts";

// After the hook that loads `.sql` files.
const { Stores } = await import("./stores.ts");

const BOB = "bob@b.example" as BareJid;
const MESSAGE = "00000000-0000-4000-8000-000000000000" as EntryId;
const UNHURRIED_MS = 100;

/** Stores that note how far the log had come whenever browsers were told of it. */
function scene() {
  const storage = memoryStorage();
  const log = new Log(storage.sql);
  const told: number[] = [];
  const sockets = { broadcast: () => undefined, flush: () => told.push(log.head), visible: false, looked: false };
  const stores = new Stores(storage as unknown as DurableObjectStorage, log, sockets, new Fullness("turns"));
  const reach = (state: "sent" | "delivered" | "read") =>
    stores.turn(() => log.append({ kind: "progress", message: MESSAGE, state }));
  const tighten = () => stores.turn(() => log.append({ kind: "policy", chat: BOB, encrypted: true }));
  return { stores, log, told, reach, tighten };
}

test("how far a message has come within a moment is told in one frame", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { told, reach } = scene();
  reach("sent");
  reach("delivered");
  mock.timers.tick(UNHURRIED_MS - 1);
  reach("read");
  assert.deepEqual(told, []);
  mock.timers.tick(1);
  assert.deepEqual(told, [3]);
});

test("anything else is told at once, with what was waiting", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { told, reach, tighten } = scene();
  reach("sent");
  tighten();
  mock.timers.tick(0);
  assert.deepEqual(told, [2]);
  mock.timers.tick(UNHURRIED_MS);
  assert.deepEqual(told, [2]);
});

test("that a message has failed is told at once", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { stores, log, told } = scene();
  const failure = { kind: "peer-refused" } as const;
  stores.turn(() => log.append({ kind: "progress", message: MESSAGE, state: "failed", failure }));
  mock.timers.tick(0);
  assert.deepEqual(told, [1]);
});

test("an entry that takes the place of one that was taken back is told at once", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { stores, told, tighten } = scene();
  assert.throws(() =>
    stores.turn(() => {
      tighten();
      throw new Error("taken back");
    }),
  );
  mock.timers.tick(UNHURRIED_MS);
  told.length = 0;
  tighten();
  mock.timers.tick(0);
  assert.deepEqual(told, [1]);
});

test("a turn that adds nothing to the log tells nobody", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { stores, told } = scene();
  stores.turn(() => stores.meta.leave(0));
  mock.timers.tick(UNHURRIED_MS);
  assert.deepEqual(told, []);
});
