import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientId } from "../../worker/contract.ts";
import { ArchivedAccount, BOB, ME, message } from "../testing/archive.ts";

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const texts = (from: number, to: number): string[] => numbers(from, to).map(String);
const SHORT_MS = 5;

/** Throws where it is looked into, as a bug in this program would. */
const POISON = {
  kind: "clear",
  get text(): string {
    throw new TypeError("poison");
  },
} as const;

/** Seen an archive of ten messages for the first time, and all of it. */
async function settled(): Promise<ArchivedAccount> {
  const account = new ArchivedAccount();
  account.keep(...numbers(1, 10));
  await account.catchUp();
  return account;
}

/** As if the archive needed so long that people are shown what is new. */
async function impatient(account: ArchivedAccount): Promise<void> {
  await account.archive.begin(SHORT_MS);
}

test("three hundred messages come in order, those that come live meanwhile behind them and once", async () => {
  const account = await settled();
  account.keep(...numbers(11, 310));
  account.onPage = (page) => {
    account.receive(message(310 + page));
    account.keep(310 + page);
    assert.ok(!account.seen().includes(`${310 + page}`), "not before what is older");
  };
  await account.catchUp();
  account.receive(message(400));
  const live = account.pages - 1;
  assert.deepEqual(account.messages(), [...texts(1, 310), ...texts(312, 311 + live), "400"]);
  assert.deepEqual(
    account.entries().map(({ seq }) => seq),
    numbers(1, account.entries().length),
    "no hole in the order of delivery",
  );
});

test("what waits outlives a reset and comes in its place after the next look into the archive", async () => {
  const account = await settled();
  account.keep(...numbers(11, 250), 251);
  account.onPage = (page) => {
    if (page === 2) account.receive(message(251));
    if (page === 3) account.live = false;
  };
  await assert.rejects(account.catchUp(), /stream ended/);
  account.reset();
  account.live = true;
  account.onPage = () => undefined;
  assert.ok(!account.seen().includes("251"));
  await account.catchUp();
  assert.deepEqual(account.messages(), texts(1, 251));
});

test("after a long absence the newest page is shown first, behind a gap that is filled in order", async () => {
  const account = await settled();
  account.keep(...numbers(11, 1_010));
  account.onPage = (page) => {
    if (page === 5) assert.deepEqual(account.seen().slice(209), ["210", "open:catching-up", ...texts(911, 1_010)]);
  };
  await account.catchUp();
  assert.deepEqual(account.seen(), [...texts(1, 910), "filled:catching-up", ...texts(911, 1_010)]);
});

test("where the newest page joins what is here, there is no gap", async () => {
  const account = await settled();
  account.keep(...numbers(11, 250));
  await account.catchUp();
  assert.deepEqual(account.seen(), texts(1, 250));
});

test("own messages at the head of the newest page, accepted before the absence, do not hide what is missing before it", async () => {
  const account = await settled();
  const { log } = account.stores;
  const own = numbers(1, 3).map((n) => ({
    ...message(2_000 + n),
    ...{ sender: ME, outgoing: true, originId: `client-${n}` as ClientId },
  }));
  for (const { archive: _, ...accepted } of own) account.stores.turn(() => log.message(accepted));
  account.keep(...numbers(11, 300));
  for (const [index, event] of own.entries()) account.kept.push({ id: `a${2_001 + index}`, events: [event] });
  account.keep(...numbers(301, 397));
  await account.catchUp();
  const ownTexts = texts(2_001, 2_003);
  assert.deepEqual(account.messages(), [...texts(1, 10), ...ownTexts, ...texts(11, 397)]);
});

test("a stream that ends while the newest are shown and older ones missing: the next one fills the same gap", async () => {
  const account = await settled();
  account.keep(...numbers(11, 1_010));
  account.onPage = (page) => {
    account.live = page < 6;
  };
  await assert.rejects(account.catchUp(), /stream ended/);
  account.reset();
  account.live = true;
  account.onPage = () => undefined;
  await account.catchUp();
  assert.deepEqual(account.seen(), [...texts(1, 910), "filled:catching-up", ...texts(911, 1_010)]);
});

test("what comes on a new stream before the archive is asked waits, too", async () => {
  const account = await settled();
  account.keep(...numbers(11, 15));
  account.archive.hold();
  account.receive(message(16));
  assert.deepEqual(account.seen(), texts(1, 10));
  assert.equal(account.archive.end, undefined, "nor does it move the cursor");
  await account.catchUp();
  assert.deepEqual(account.seen(), texts(1, 16));
});

test("a slow archive: live messages are shown behind a visible gap, which is filled before it", async () => {
  const account = await settled();
  account.keep(...numbers(11, 220));
  const shown = impatient(account);
  account.receive(message(221));
  await shown;
  assert.deepEqual(account.seen(), [...texts(1, 10), "open:catching-up", "221"]);
  account.receive(message(222));
  account.keep(221, 222, 223);
  const before = account.entries();
  account.archive.settle(await account.archive.read());
  assert.deepEqual(account.seen(), [...texts(1, 220), "filled:catching-up", ...texts(221, 223)]);
  assert.deepEqual(account.entries().slice(0, before.length), before, "what was delivered has not moved");
});

test("a second absence while a gap is open: each gap gets what belongs to it", async () => {
  const account = await settled();
  account.keep(...numbers(11, 220));
  await impatient(account);
  account.receive(message(221), message(222));
  account.keep(221, 222);
  account.onPage = (page) => {
    account.live = page < 3;
  };
  await assert.rejects(account.archive.read(), /stream ended/);
  account.reset();
  account.live = true;
  account.onPage = () => undefined;
  account.keep(...numbers(223, 230));
  await impatient(account);
  account.receive(message(231));
  account.keep(231);
  account.archive.settle(await account.archive.read());
  const gap = "filled:catching-up";
  assert.deepEqual(account.seen(), [...texts(1, 220), gap, "221", "222", ...texts(223, 230), gap, "231"]);
});

test("an own message among what was missing does not end the gap: it stands where it was accepted", async () => {
  const account = await settled();
  const own = { ...message(50), sender: ME, outgoing: true, originId: "client" as ClientId };
  const { archive: _, ...accepted } = own;
  account.keep(11, 12);
  account.kept.push({ id: "a50", events: [own] });
  account.keep(13, 14);
  await impatient(account);
  account.receive(message(15));
  account.stores.turn(() => account.stores.log.message(accepted));
  account.keep(15);
  account.archive.settle(await account.archive.read());
  assert.deepEqual(account.seen(), [...texts(1, 14), "filled:catching-up", "15", "50"]);
});

test("two absences with nothing between them are one gap", async () => {
  const account = await settled();
  await impatient(account);
  account.reset();
  await impatient(account);
  assert.deepEqual(account.seen(), [...texts(1, 10), "open:catching-up"]);
});

test("an own message keeps the place where it was accepted and learns its archive id", async () => {
  const account = await settled();
  const { log } = account.stores;
  const own = { ...message(50), sender: ME, outgoing: true, originId: "client" as ClientId };
  const { archive: _, ...accepted } = own;
  const place = account.stores.turn(() => log.message(accepted));
  account.keep(...numbers(11, 12));
  account.kept.push({ id: "a50", events: [own] });
  account.keep(13);
  await account.catchUp();
  assert.deepEqual(account.seen(), [...texts(1, 10), "50", ...texts(11, 13)]);
  const entry = account.entries().find(({ id }) => id === place.id);
  assert.deepEqual(entry?.kind === "message" && entry.archive, { by: ME, id: "a50" });
});

test("an id that has left the archive: by time, and what may be missing is marked", async () => {
  const account = await settled();
  account.forgotten.add("a10");
  account.kept = [];
  account.keep(...numbers(200, 320));
  await account.catchUp();
  assert.deepEqual(account.seen(), [...texts(1, 10), "lost:expired", ...texts(200, 320)]);
});

test("an id that has left the archive, but what overlaps is known: nothing is missing", async () => {
  const account = await settled();
  account.forgotten.add("a10");
  account.keep(...numbers(11, 120));
  await account.catchUp();
  assert.deepEqual(account.seen(), texts(1, 120));
});

test("on an unstable page no cursor is built", async () => {
  const account = await settled();
  account.keep(11);
  account.stable = false;
  await account.catchUp();
  assert.equal(account.stores.archives.get(ME).cursor, "a10");
  assert.deepEqual(account.seen(), texts(1, 11));
});

test("a refusal: what is live is shown, behind a gap where an archive was read before", async () => {
  const account = await settled();
  account.refuses = true;
  account.keep(...numbers(11, 12));
  void account.archive.begin();
  account.receive(message(13));
  account.archive.settle(await account.archive.read());
  assert.deepEqual(account.seen(), [...texts(1, 10), "open:catching-up", "13"]);
  account.refuses = false;
  account.keep(13);
  await account.catchUp();
  assert.deepEqual(account.seen(), [...texts(1, 12), "filled:catching-up", "13"]);
});

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

test("a live message costs one row and its indexes; the cursor is written now and then", async () => {
  const account = await settled();
  const before = account.storage.rowsWritten;
  for (const n of numbers(11, 110)) {
    account.stores.turn(() => {
      account.archive.live([message(n)]);
      account.archive.passed(`a${n}`, message(n).at);
    });
  }
  const rows = account.storage.rowsWritten - before;
  assert.ok(rows <= 106, `${rows}`);
  assert.deepEqual(account.seen(), texts(1, 110));
});
