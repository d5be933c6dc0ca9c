import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, ClientId, Seq } from "../../../worker/contract/names.ts";
import { Cache } from "./cache.ts";
import type { OutboxRow } from "./conversation-rows.ts";
import { openAccount } from "./database.ts";
import { changeChat } from "./messages.ts";
import { Store } from "./store.ts";
import type { Touched } from "./touched.ts";
import { CommitError, SupersededError } from "./unit.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

let store: Store;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await Store.open(ALICE);
});

afterEach(() => store.close());

const waiting = (client: string, order: number): OutboxRow => ({
  client: client as ClientId,
  order,
  chat: BOB,
  purpose: "text",
  stage: "waiting",
});

const clients = () => store.work(async (unit) => (await unit.all("outbox")).map(({ client }) => client));

describe("a store", () => {
  it("tells of a commit whoever listened before it, once everybody can read it, and of nothing where nothing changed", async () => {
    const told: Touched[] = [];
    store.onCommit((touched) => {
      assert.equal(store.cache.chats.get(BOB)?.encrypted, true);
      told.push(touched);
    });
    await store.work((unit) => changeChat(unit, BOB, { encrypted: true }));
    await store.work((unit) => changeChat(unit, BOB, { encrypted: true }));
    assert.deepEqual(
      told.map(({ chats }) => [...chats]),
      [[BOB]],
    );
  });

  it("writes along what can wait with the next unit, else by itself or when it is closed, and says when that is done", async () => {
    let commits = 0;
    const done: string[] = [];
    store.onCommit(() => {
      commits += 1;
    });
    const rides = (name: string, withinMs: number) =>
      store.along(async (unit) => unit.put("outbox", waiting(name, 1)), withinMs).then(() => void done.push(name));
    const first = rides("first", 60_000);
    await store.work(async (unit) => unit.meta("numbers"));
    assert.deepEqual([commits, done], [0, []]);
    await store.work((unit) => changeChat(unit, BOB, { encrypted: true }));
    await first;
    assert.deepEqual([commits, done, await clients()], [1, ["first"], ["first"]]);
    await rides("alone", 1);
    assert.deepEqual([commits, await clients()], [2, ["first", "alone"]]);
    const last = rides("last", 60_000);
    await store.close();
    await last;
    store = await Store.open(ALICE);
    assert.deepEqual(await clients(), ["alone", "first", "last"]);
  });

  it("stores what was written along no more than the unit that it came with, and says so", async () => {
    const along = store.along(async (unit) => unit.put("outbox", waiting("along", 1)), 60_000);
    const refused = store.work(async (unit) => unit.put("chats", { jid: BOB, encrypted: () => undefined } as never));
    await assert.rejects(refused, CommitError);
    await assert.rejects(along, CommitError);
    assert.deepEqual(await clients(), []);
  });

  it("leaves out what was to be written along and failed: the unit that it came with stands", async () => {
    const failing = store.along(async (unit) => {
      unit.put("outbox", waiting("half", 1));
      throw new TypeError("a bug");
    }, 60_000);
    const along = store.along(async (unit) => unit.put("outbox", waiting("along", 2)), 60_000);
    await Promise.all([
      assert.rejects(failing, TypeError),
      store.work((unit) => changeChat(unit, BOB, { encrypted: true })),
      along,
    ]);
    assert.equal(store.cache.chats.get(BOB)?.encrypted, true);
    assert.deepEqual(await clients(), ["along"]);
  });

  it("keeps nothing of a job that failed, and goes on", async () => {
    const failing = store.work(async (unit) => {
      await changeChat(unit, BOB, { encrypted: true });
      throw new TypeError("a bug");
    });
    await assert.rejects(failing, TypeError);
    const refused = store.work(async (unit) => unit.put("chats", { jid: BOB, encrypted: () => undefined } as never));
    await assert.rejects(refused, CommitError);
    assert.equal(store.cache.chats.has(BOB), false);
    await store.work((unit) => changeChat(unit, BOB, { encrypted: true }));
    assert.equal(store.cache.chats.get(BOB)?.encrypted, true);
  });

  it("waits for the disk, but for a note, which writes no ratchet and no cursor", async () => {
    const asked: unknown[] = [];
    // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...args) {
      if (args[1] === "readwrite") asked.push(args[2]?.durability);
      return transaction.apply(this, args);
    };
    try {
      await store.work((unit) => changeChat(unit, BOB, { encrypted: true }));
      await store.note((unit) => changeChat(unit, BOB, { exposed: true }));
      await store.note(async (unit) => unit.put("meta", { name: "receipts", owed: [] }));
      await assert.rejects(
        store.note(async (unit) => unit.put("sessions", { address: "x" } as never)),
        TypeError,
      );
      await assert.rejects(
        store.note(async (unit) => unit.put("meta", { name: "cursor", epoch: "e", seq: 1 as Seq })),
        TypeError,
      );
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
    assert.deepEqual(asked, ["strict", "relaxed", "relaxed"]);
    assert.equal(await store.work((unit) => unit.meta("cursor")), undefined);
  });

  it("is lost when another one writes, and says so also to whoever asks later", async () => {
    const next = await Store.open(ALICE);
    await assert.rejects(
      store.work((unit) => changeChat(unit, BOB, { encrypted: true })),
      SupersededError,
    );
    assert.equal(store.closed, true);
    assert.equal(await store.lost, "superseded");
    await next.close();
  });

  it("sees and keeps what stands in a small store, whenever that is read first", async () => {
    await store.work(async (unit) => unit.put("outbox", waiting("one", 1)));
    assert.deepEqual(await clients(), ["one"]);
    await store.work(async (unit) => {
      unit.put("outbox", waiting("two", 2));
      unit.delete("outbox", "one");
      assert.deepEqual(
        (await unit.all("outbox")).map(({ client }) => client),
        ["two"],
      );
    });
    assert.deepEqual(await clients(), ["two"]);
  });
});

describe("a cache", () => {
  it("takes over a commit that came while a store was being read", async () => {
    await store.work(async (unit) => unit.put("outbox", waiting("one", 1)));
    const database = await openAccount(ALICE, () => undefined);
    const cache = new Cache(database);
    const reading = cache.of("outbox");
    await cache.apply([{ store: "outbox", key: "two", row: waiting("two", 2) }]);
    assert.deepEqual([...(await reading).keys()], ["one", "two"]);
    assert.deepEqual([...(await cache.of("outbox")).keys()], ["one", "two"]);
    database.close();
  });
});
