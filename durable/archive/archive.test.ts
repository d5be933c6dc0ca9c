import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientId } from "../../worker/contract/names.ts";
import { ME, message, numbers, settled, texts } from "../testing/archive.ts";

test("M9: three hundred messages come in order, those that come live meanwhile behind them and once", async () => {
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
  assert.equal(account.stores.archiveCursors.get(ME).cursor, "a10");
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
