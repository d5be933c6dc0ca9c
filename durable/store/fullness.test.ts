import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "../testing/sql-storage.ts";
import { type AccountStorage, Fullness } from "./fullness.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

let objects = 0;

/** An object's storage, and the same object once more, as after its end. */
function scene() {
  objects += 1;
  const name = `object ${objects}`;
  const storage = memoryStorage();
  const live = () => {
    const fullness = new Fullness(name);
    const { sql } = fullness.guard(storage as unknown as AccountStorage);
    const write = () => sql.exec("insert or replace into meta (key, value) values ('k', '1')");
    const read = () => sql.exec("select value from meta").toArray().length;
    return { fullness, write, read };
  };
  return { storage, live };
}

test("S8: what does not fit is refused without being tried from then on, and reading goes on", () => {
  const { storage, live } = scene();
  const { fullness, write, read } = live();
  write();
  let told = 0;
  fullness.onFull = () => {
    told += 1;
  };
  storage.failure = "database or disk is full: SQLITE_FULL";
  assert.throws(write, /SQLITE_FULL/);
  storage.failure = undefined;
  assert.throws(write, /SQLITE_FULL/);
  assert.equal(read(), 1);
  assert.equal(told, 1);
});

test("S8: the object after it knows, and another object is not concerned", () => {
  const { live } = scene();
  live().fullness.mark(START);
  assert.throws(live().write, /SQLITE_FULL/);
  scene().live().write();
});

test("S8: an object that ends by trying leaves the next one waiting longer", () => {
  const { live } = scene();
  live().fullness.mark(START);
  const waits = [];
  let now = START;
  for (let tries = 0; tries < 8; tries += 1) {
    const { fullness } = live();
    waits.push((fullness.tryAt - now) / SECOND_MS);
    now = fullness.tryAt;
    assert.ok(fullness.beginTry(now));
    // Nothing follows: it has ended.
  }
  assert.deepEqual(waits, [20, 40, 80, 160, 320, 600, 600, 600]);
});

test("S8: whoever asks does not wait for that, but not in a loop either", () => {
  const { live } = scene();
  live().fullness.mark(START);
  const { fullness, write } = live();
  assert.equal(fullness.beginTry(START + 4 * SECOND_MS), false);
  assert.equal(fullness.beginTry(START + 6 * SECOND_MS), true);
  write();
  fullness.endTry(START + 6 * SECOND_MS);
  assert.equal(fullness.full, false);
});

test("S8: room that was too little counts as none; after a while it is another time", () => {
  const { live } = scene();
  const { fullness } = live();
  fullness.mark(START);
  fullness.beginTry(START + MINUTE_MS);
  fullness.endTry(START + MINUTE_MS);
  fullness.mark(START + 2 * MINUTE_MS);
  assert.equal(fullness.tryAt - (START + 2 * MINUTE_MS), 80 * SECOND_MS);
  fullness.beginTry(START + 5 * MINUTE_MS);
  fullness.endTry(START + 5 * MINUTE_MS);
  fullness.mark(START + 60 * MINUTE_MS);
  assert.equal(fullness.tryAt - (START + 60 * MINUTE_MS), 20 * SECOND_MS);
});

test("S8: while it is tried, a write that fails ends the try", () => {
  const { storage, live } = scene();
  const { fullness, write } = live();
  fullness.mark(START);
  fullness.beginTry(START + MINUTE_MS);
  storage.failure = "database or disk is full: SQLITE_FULL";
  assert.throws(write, /SQLITE_FULL/);
  assert.equal(fullness.full, true);
  fullness.endTry(START + MINUTE_MS);
  assert.equal(fullness.full, true);
});
