import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, BrowserId } from "../../worker/contract/names.ts";
import { storesOf } from "../testing/stores.ts";
import { epochOf, startOf } from "./own-epochs.ts";

const ALICE = "alice@example.org" as BareJid;
const BOB = "bob@example.org" as BareJid;
const [STOLEN, OTHER] = ["stolen", "other"] as BrowserId[] as [BrowserId, BrowserId];

/** A log of three entries. */
function readLog() {
  const stores = storesOf(ALICE);
  for (const text of ["one", "two", "three"]) {
    const content = { kind: "clear", text } as const;
    stores.log.message({ kind: "message", chat: BOB, sender: BOB, outgoing: false, at: 0, content });
  }
  const { epoch } = stores.meta;
  const at = (since: number) => ({ epoch, since, at: stores.log.idAt(since as never) ?? null });
  return { stores, at, epoch };
}

test("a browser goes on where it stands", () => {
  const { stores, at, epoch } = readLog();
  assert.equal(startOf(stores, OTHER, at(2)), 2);
  assert.equal(startOf(stores, OTHER, { ...at(2), at: null }), 2, "pages of before named no entry");
  assert.equal(epochOf(stores, OTHER), epoch);
});

test("S14: a wrong place of one session begins the log anew for that browser, and for no other", () => {
  const { stores, at, epoch } = readLog();
  for (const wrong of [
    { ...at(2), at: "no such entry" },
    { ...at(2), since: 99 },
    { ...at(2), at: at(3).at },
  ]) {
    const before = epochOf(stores, STOLEN);
    assert.equal(startOf(stores, STOLEN, { ...wrong, epoch: before }), 0);
    assert.notEqual(epochOf(stores, STOLEN), before, "it is told that this is another log");
    assert.equal(epochOf(stores, OTHER), epoch);
    assert.equal(startOf(stores, OTHER, at(3)), 3);
  }
  assert.equal(stores.meta.epoch, epoch);
});

test("S14: from then on its log is one like any other, also after a reset", () => {
  const { stores, at } = readLog();
  startOf(stores, STOLEN, { ...at(2), at: "no such entry" });
  const own = epochOf(stores, STOLEN);
  assert.equal(startOf(stores, STOLEN, { ...at(2), epoch: own }), 2);
  assert.equal(epochOf(stores, STOLEN), own);
});

test("S14: however often it is said, and by however many, it takes no more than a row", () => {
  const { stores, at } = readLog();
  for (let n = 0; n < 500; n += 1) startOf(stores, `browser-${n}` as BrowserId, { ...at(2), at: "wrong" });
  assert.ok((stores.meta.get("own-epochs")?.length ?? 0) <= 64);
});
