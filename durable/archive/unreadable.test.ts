import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ArchivedAccount, message, numbers, settled, texts } from "../testing/archive.ts";

/** Throws where it is looked into, as a bug in this program would. */
const POISON = {
  kind: "clear",
  get text(): string {
    throw new TypeError("poison");
  },
} as const;

test("T61: a poison stanza leaves one marker, by whatever way it comes; the others are delivered", async () => {
  const account = await settled();
  const bad = message(11, { content: POISON });
  account.receive(bad, message(12));
  account.kept.push({ id: "a11", events: [bad] });
  account.keep(12, 13);
  await account.catchUp();
  await account.catchUp();
  assert.deepEqual(account.seen(), [...texts(1, 10), "lost:unreadable", "12", "13"]);
});

test("T61: one that comes while others wait does not hold them up", async () => {
  const account = await settled();
  account.keep(11);
  void account.archive.begin();
  const bad = message(12, { content: POISON });
  account.receive(bad, message(13));
  account.archive.settle(await account.archive.read());
  assert.deepEqual(account.seen(), [...texts(1, 11), "lost:unreadable", "13"]);
});

test("a disk that is full ends the stream: nothing is lost, nothing is marked", async () => {
  const account = await settled();
  account.storage.failure = "database or disk is full: SQLITE_FULL";
  assert.throws(() => account.receive(message(11)), /SQLITE_FULL/);
  account.storage.failure = undefined;
  account.reset();
  account.keep(11);
  await account.catchUp();
  assert.deepEqual(account.seen(), texts(1, 11));
});

test("T61: a result that ends every stream ends one only", async () => {
  const account = await settled();
  account.keep(11, 12);
  const { content: _, ...named } = message(13);
  account.kept.push({ id: "a13", events: [{ ...named, kind: "unreadable" }], broken: true });
  account.keep(14);
  await assert.rejects(account.catchUp());
  account.live = true;
  await account.catchUp();
  assert.deepEqual(account.seen(), [...texts(1, 12), "lost:unreadable", "14"]);
});

test("T61: one in the history ends two", async () => {
  const account = new ArchivedAccount();
  account.keep(...numbers(1, 20));
  const { content: _, ...named } = message(21);
  account.kept.push({ id: "a21", events: [{ ...named, kind: "unreadable" }], broken: true });
  account.keep(...numbers(22, 130));
  for (let streams = 0; streams < 3; streams += 1) {
    account.live = true;
    await account.catchUp();
    await account.backfill.load();
    await sleep(0);
  }
  assert.deepEqual(account.seen(), [...texts(1, 20), "lost:unreadable", ...texts(22, 130)]);
});
