/** What is unread and left out, counted by the difference that each commit makes. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { Cache } from "./cache.ts";
import type { MessageRow } from "./conversation-rows.ts";
import { deleteMessage, moveReadTo, putMessage } from "./messages.ts";
import { Store } from "./store.ts";
import type { Unit } from "./unit.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

let store: Store;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await Store.open(ALICE);
  await store.work((unit) => putMessage(unit, row(1)));
  await store.cache.count([BOB]);
});

afterEach(() => store.close());

function row(position: number, change: Partial<MessageRow> = {}): MessageRow {
  const body = { kind: "text", text: "hello" } as const;
  const shown = { outgoing: false, hidden: 0, counted: 1, encrypted: true } as const;
  return { key: `m${position}`, chat: BOB, position: position as Position, at: position, body, ...shown, ...change };
}

const before = { hidden: 1, counted: 0, body: { kind: "reason", reason: "before-device" } } as const;
const upTo = (position: number) => (unit: Unit) => moveReadTo(unit, BOB, position as Position);

const COMMITS: Readonly<Record<string, (unit: Unit) => Promise<unknown>>> = {
  "a message": (unit) => putMessage(unit, row(2)),
  "a message that changes": (unit) => putMessage(unit, row(1, { edited: true })),
  "an own message": (unit) => putMessage(unit, row(2, { outgoing: true, counted: 0 })),
  "a message from before this device": (unit) => putMessage(unit, row(-1, before)),
  "a message that goes": (unit) => deleteMessage(unit, row(1)),
  "a message that is written twice": async (unit) => {
    await putMessage(unit, row(2, before));
    await putMessage(unit, row(2));
  },
  "a message and what was read": async (unit) => {
    await putMessage(unit, row(2));
    await upTo(2)(unit);
  },
  "what was read": upTo(1),
};

describe("the counts of a conversation", () => {
  for (const [what, commit] of Object.entries(COMMITS)) {
    it(`are right after ${what}, without looking`, async () => {
      await store.work(commit);
      assert.equal(store.cache.isCounted(BOB), true);
      assert.deepEqual(store.cache.counts.get(BOB), (await Cache.open(store.database)).counts.get(BOB));
    });
  }

  it("are looked up after reading a part, or when nobody knows what stood there", async () => {
    await store.work((unit) => putMessage(unit, row(2)));
    await store.work((unit) => putMessage(unit, row(3)));
    await store.work(upTo(2));
    assert.equal(store.cache.isCounted(BOB), false);
    await store.cache.count([BOB]);
    assert.deepEqual(store.cache.counts.get(BOB), { unread: 1, beforeDevice: 0 });
    await store.work(async (unit) => unit.put("messages", row(3, { counted: 0 })));
    assert.equal(store.cache.isCounted(BOB), false);
    await store.work((unit) => putMessage(unit, row(4)));
    assert.equal(store.cache.isCounted(BOB), false);
  });
});
