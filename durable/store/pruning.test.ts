import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../worker/contract/entries.ts";
import type { BareJid, BrowserId, DeviceId, Seq } from "../../worker/contract/names.ts";
import type { MessageEvent } from "../ingest/stanza-event.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { storesOf } from "../testing/stores.ts";

// After the hook that loads `.sql` files.
const { Pruning } = await import("./pruning.ts");

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const [LAPTOP, PHONE] = ["laptop", "phone"] as unknown as readonly [BrowserId, BrowserId];
const START = Date.parse("2026-01-01T00:00:00Z");
const ASKED_WAIT_MS = 5_000;
const DAY_MS = 24 * 60 * 60_000;

const secret = { secret: "s", hash: "h", publicKey: "p" };
const encrypted = (n: number, payload: string | null = "cGF5bG9hZA=="): MessageEvent => ({
  kind: "message",
  chat: BOB,
  sender: BOB,
  outgoing: false,
  at: START,
  originId: `m${n}`,
  content: {
    kind: "omemo",
    omemo: {
      sid: 7 as DeviceId,
      iv: `iv${n}`,
      keys: [{ rid: 1 as DeviceId, prekey: false, data: "a2V5" }],
      ...(payload !== null && { payload, details: "ZGV0YWlscw==" }),
    },
  },
});

function scene(storage = memoryStorage()) {
  const stores = storesOf(ALICE, storage);
  const pruning = new Pruning(stores);
  const join = (browser: BrowserId, device: number) => {
    stores.browsers.signIn(browser, { name: browser, kind: "computer" }, secret, START);
    stores.browsers.setDevice(browser, device as DeviceId);
  };
  const write = (count: number) => {
    const first = stores.log.head;
    for (let n = 0; n < count; n += 1) stores.turn(() => stores.log.message(encrypted(first + n)));
  };
  /** One heartbeat an hour. */
  const days = (from: number, to: number) => {
    for (let hour = from * 24; hour < to * 24; hour += 1) pruning.heartbeat(START + hour * 60 * 60_000);
  };
  const ciphertexts = () =>
    stores.log
      .page(0 as Seq, 10_000)
      .entries.filter((entry: Entry) => entry.kind === "message" && entry.content.kind === "omemo")
      .filter((entry) => entry.kind === "message" && entry.content.kind === "omemo" && entry.content.omemo.payload)
      .length;
  return { storage, stores, pruning, join, write, days, ciphertexts };
}

test("S8: ciphertext goes 42 days after every browser has it, and not before", () => {
  const { stores, join, write, days, ciphertexts } = scene();
  join(LAPTOP, 1);
  join(PHONE, 2);
  write(10);
  stores.browsers.seen(LAPTOP, START, 10 as Seq);
  stores.browsers.seen(PHONE, START, 4 as Seq);
  days(0, 41);
  assert.equal(ciphertexts(), 10);
  days(41, 44);
  assert.equal(ciphertexts(), 6, "four of them the phone has, too");
  stores.browsers.seen(PHONE, START + 44 * DAY_MS, 10 as Seq);
  days(44, 85);
  assert.equal(ciphertexts(), 6);
  days(85, 90);
  assert.equal(ciphertexts(), 0);
  assert.ok(!JSON.stringify(stores.log.page(0 as Seq, 10_000).entries).includes("ZGV0YWls"));
});

test("S8: a browser that is gone for 90 days holds nothing up; a revoked one at once", () => {
  const { stores, join, write, days, ciphertexts } = scene();
  join(LAPTOP, 1);
  join(PHONE, 2);
  write(5);
  for (let day = 0; day < 140; day += 1) {
    stores.browsers.seen(LAPTOP, START + day * DAY_MS, 5 as Seq);
    days(day, day + 1);
  }
  assert.equal(ciphertexts(), 0);
  write(5);
  stores.browsers.seen(LAPTOP, START + 140 * DAY_MS, 10 as Seq);
  join("third" as BrowserId, 3);
  stores.browsers.revoke("third" as BrowserId, START + 140 * DAY_MS);
  for (let day = 140; day < 185; day += 1) {
    stores.browsers.seen(LAPTOP, START + day * DAY_MS, 10 as Seq);
    days(day, day + 1);
  }
  assert.equal(ciphertexts(), 0);
});

test("S8: where no browser has a device yet nothing is pruned", () => {
  const { write, days, ciphertexts } = scene();
  write(3);
  days(0, 60);
  assert.equal(ciphertexts(), 3);
});

test("S8: what was pruned is recognised when it comes again, is still shown, and clear text stays", () => {
  const { stores, pruning, join, write } = scene();
  join(LAPTOP, 1);
  write(2);
  stores.turn(() => stores.log.message({ ...encrypted(2), content: { kind: "clear", text: "in clear" } }));
  stores.turn(() => stores.log.message(encrypted(3, null)));
  stores.browsers.seen(LAPTOP, START, 4 as Seq);
  pruning.now(START);
  const again = stores.turn(() => stores.log.message(encrypted(1)));
  assert.equal(again.fresh, false);
  assert.equal(stores.turn(() => stores.log.message(encrypted(9))).fresh, true);
  const contents = stores.log.page(0 as Seq, 10).entries.map((entry) => entry.kind === "message" && entry.content);
  assert.deepEqual(contents.slice(0, 4), [
    { kind: "omemo", omemo: { sid: 7, iv: "iv0", keys: [], payload: "" } },
    { kind: "omemo", omemo: { sid: 7, iv: "iv1", keys: [], payload: "" } },
    { kind: "clear", text: "in clear" },
    { kind: "omemo", omemo: { sid: 7, iv: "iv3", keys: [] } },
  ]);
});

test("S8: a full store is known as one, and what every browser has makes room at once", () => {
  const { storage, stores, pruning, join, write, ciphertexts } = scene();
  join(LAPTOP, 1);
  write(3);
  stores.browsers.seen(LAPTOP, START, 3 as Seq);
  storage.failure = "database or disk is full: SQLITE_FULL";
  assert.throws(() => stores.turn(() => stores.log.message(encrypted(7))), /SQLITE_FULL/);
  assert.equal(stores.full, true);
  storage.failure = undefined;
  assert.throws(() => pruning.now(START), /SQLITE_FULL/);
  assert.equal(stores.fullness.beginTry(Date.now() + ASKED_WAIT_MS), true);
  while (!pruning.now(START));
  assert.equal(ciphertexts(), 0);
  stores.fullness.endTry(Date.now());
  stores.turn(() => stores.log.message(encrypted(8)));
  assert.equal(stores.full, false);
});
