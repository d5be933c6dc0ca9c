import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStorage } from "../testing/sql-storage.ts";
import { Door } from "./door.ts";
import { Rounds } from "./rounds.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const QUARTER_MS = 15 * 60_000;

/** So many accounts that were proved here. */
function townOf(accounts: number) {
  const { sql } = new MemoryStorage();
  const door = new Door(sql);
  for (let n = 0; n < accounts; n += 1) door.settle("", `a${String(n).padStart(3, "0")}`, "proved", NOW);
  return new Rounds(sql);
}

test("D5: every account comes round, and those that stay online every time once they are known", () => {
  const rounds = townOf(25);
  const seen = new Set<string>();
  for (let round = 0; round < 3; round += 1) {
    const names = rounds.next();
    for (const name of names) seen.add(name);
    const answers = names.map((name) => ({ name, staysOnline: name === "a007" }));
    rounds.done(names, answers, NOW + round * QUARTER_MS);
    if (round > 0) assert.ok(names.includes("a007"));
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length <= 40);
  }
  assert.equal(seen.size, 25);
});

test("D5: one that does not answer holds nobody up, and is not forgotten", () => {
  const rounds = townOf(45);
  rounds.done(["a000"], [{ name: "a000", staysOnline: true }], NOW);
  rounds.done(["a000"], [], NOW + QUARTER_MS);
  assert.equal(rounds.next()[0], "a000", "it still stays online");
});

test("D5: with more of them than a round takes, those that waited longest come first", () => {
  const rounds = townOf(40);
  const all = Array.from({ length: 40 }, (_, n) => `a${String(n).padStart(3, "0")}`);
  rounds.done(
    all,
    all.map((name) => ({ name, staysOnline: true })),
    NOW,
  );
  const first = rounds.next();
  assert.equal(first.length, 30);
  rounds.done(
    first,
    first.map((name) => ({ name, staysOnline: true })),
    NOW + QUARTER_MS,
  );
  assert.deepEqual(rounds.next().slice(0, 10), all.slice(30));
});
