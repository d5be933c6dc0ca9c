import assert from "node:assert/strict";
import { test } from "node:test";
import { newNonce } from "../../worker/shared/proof.ts";
import { MemoryStorage } from "../testing/sql-storage.ts";
import { Door } from "./door.ts";
import { OperatorDoor } from "./operator-door.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

test("D13: an operator's request is taken once, and only in its time", () => {
  const door = new OperatorDoor(new MemoryStorage().sql);
  const nonce = newNonce(NOW);
  assert.equal(door.admit(nonce, NOW), true);
  assert.equal(door.admit(nonce, NOW + 1), false, "shown before");
  assert.equal(door.admit(newNonce(NOW - 3 * MINUTE_MS), NOW), false, "old");
  assert.equal(door.admit(newNonce(NOW + 3 * MINUTE_MS), NOW), false, "of a time to come");
  assert.equal(door.admit("no-nonce", NOW), false);
  const ahead = newNonce(NOW + MINUTE_MS);
  assert.equal(door.admit(ahead, NOW), true);
  for (let at = NOW; at <= NOW + 4 * MINUTE_MS; at += 10_000)
    assert.equal(door.admit(ahead, at), false, "it is never forgotten while it would be taken");
});

test("D13: tries to sign in are counted by day and by how they ended, and nobody is named", () => {
  const storage = new MemoryStorage();
  const door = new Door(storage.sql);
  const attempt = (account: string, outcome: "proved" | "wrong" | "failed", now: number) => {
    const knock = { account, network: account, neighbourhood: account, domain: "a.example" };
    const admitted = door.admit(knock, 2, now);
    if (admitted.ok) door.settle(admitted.value.ticket, account, outcome, now);
  };
  attempt("one", "proved", NOW - DAY_MS);
  attempt("one", "wrong", NOW);
  attempt("two", "proved", NOW);
  attempt("three", "failed", NOW);
  attempt("three", "proved", NOW);
  attempt("four", "proved", NOW);
  attempt("one", "proved", NOW);
  assert.deepEqual(door.counts(), {
    accounts: 3,
    days: [
      { day: "2026-11-27", proved: 3, wrong: 1, failed: 1, refused: 1, newAccounts: 2 },
      { day: "2026-11-26", proved: 1, wrong: 0, failed: 0, refused: 0, newAccounts: 1 },
    ],
  });
  assert.deepEqual(door.names("", 10), ["one", "three", "two"]);
  assert.deepEqual(door.names("one", 1), ["three"]);
  door.forgetAccount("two");
  assert.equal(door.counts().accounts, 2);
});
