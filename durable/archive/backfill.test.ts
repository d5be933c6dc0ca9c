import assert from "node:assert/strict";
import { test } from "node:test";
import { ArchivedAccount, BOB, message, numbers, settled, texts } from "../testing/archive.ts";

test("a long backfill: the newest first, a thousand by themselves, the rest on demand to the very beginning", async () => {
  const account = new ArchivedAccount();
  account.keep(...numbers(1, 1_500));
  await account.catchUp();
  assert.deepEqual(account.seen(), texts(1_401, 1_500));
  account.receive(message(1_501));
  await account.backfill.load();
  const loaded = account.seen().length;
  assert.ok(loaded >= 1_000 && loaded <= 1_101, `${loaded}`);
  assert.deepEqual(account.seen(), texts(1_501 - loaded + 1, 1_501));
  for (let complete = false; !complete; ) {
    const page = await account.backfill.older(BOB);
    assert.ok(page.ok);
    complete = page.value.complete;
  }
  assert.deepEqual(account.seen(), texts(1, 1_501));
});

test("loading history goes on after a reset where it was", async () => {
  const account = new ArchivedAccount();
  account.keep(...numbers(1, 450));
  await account.catchUp();
  account.onPage = () => {
    account.live = account.pages < 3;
  };
  await account.backfill.load();
  account.reset();
  account.live = true;
  account.onPage = () => undefined;
  await account.catchUp();
  const { pages } = account;
  await account.backfill.load();
  assert.deepEqual(account.seen(), texts(1, 450));
  assert.equal(account.pages - pages, 3, "nothing was loaded twice");
  assert.deepEqual(await account.backfill.older(BOB), { ok: true, value: { complete: true } });
});

test("older messages are not asked for while newer ones are still missing, nor of an archive that refuses", async () => {
  const account = await settled();
  void account.archive.begin();
  const early = await account.backfill.older(BOB);
  assert.equal(!early.ok && early.error.kind, "offline");
  account.archive.settle("refused");
  const refused = await account.backfill.older(BOB);
  assert.equal(!refused.ok && refused.error.kind, "peer-refused");
});
