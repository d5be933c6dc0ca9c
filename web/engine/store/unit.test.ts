import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { BareJid, EntryId, Position } from "../../../worker/contract/names.ts";
import { type Database, openAccount, takeOver } from "./database.ts";
import { changeChat, chatOf, deleteMessage, moveReadTo, putMessage } from "./messages.ts";
import { Cache } from "./cache.ts";
import { KEY_PATHS, STORE_NAMES } from "./schema.ts";
import { SupersededError, Unit } from "./unit.ts";
import type { MessageRow } from "./conversation-rows.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

let database: Database;
let generation: number;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  database = await openAccount(ALICE, () => undefined);
  generation = await takeOver(database);
});

async function work<T>(job: (unit: Unit) => Promise<T>): Promise<T> {
  const unit = new Unit(database, generation);
  const result = await job(unit);
  await unit.commit();
  return result;
}

function row(key: string, position: number, change: Partial<MessageRow> = {}): MessageRow {
  return {
    key,
    id: key as EntryId,
    chat: BOB,
    position: position as Position,
    at: position,
    outgoing: false,
    encrypted: true,
    body: { kind: "text", text: key },
    hidden: 0,
    counted: 1,
    ...change,
  };
}

describe("a database", () => {
  it("of the first version gets a store for gaps and keeps its rows", async () => {
    globalThis.indexedDB = new IDBFactory();
    const first = await openDB(`alcove:${ALICE}`, 1, {
      upgrade(old) {
        for (const name of STORE_NAMES.filter((store) => store !== "gaps")) {
          const store = old.createObjectStore(name, { keyPath: KEY_PATHS[name] });
          if (name !== "messages") continue;
          store.createIndex("timeline", ["chat", "hidden", "position"]);
          store.createIndex("unread", ["chat", "counted", "position"]);
        }
      },
    });
    await first.put("messages", row("one", 1));
    await first.put("chats", { jid: BOB, encrypted: true, exposed: false, readTo: 0 });
    first.close();
    const now = await openAccount(ALICE, () => undefined);
    const cache = await Cache.open(now);
    assert.equal(cache.counts.get(BOB)?.unread, 1);
    assert.equal(cache.gaps.size, 0);
    now.close();
  });
});

describe("a unit of work", () => {
  it("sees its own writes before anybody else does", async () => {
    const unit = new Unit(database, generation);
    await putMessage(unit, row("one", 1, { cipherKey: "c1" }));
    assert.equal((await unit.message("cipherKey", "c1"))?.key, "one");
    assert.equal((await unit.get("messages", "one"))?.key, "one");
    assert.equal((await unit.newest(BOB))?.key, "one");
    assert.equal(await new Unit(database, generation).get("messages", "one"), undefined);
    await unit.commit();
    assert.equal((await new Unit(database, generation).message("cipherKey", "c1"))?.key, "one");
  });

  it("looked up again, the last message is none of what a room says of itself", async () => {
    const said = row("line", 3, { body: { kind: "reason", reason: "room" } });
    const last = await work(async (unit) => {
      for (const one of [row("one", 1), row("two", 2), said]) await putMessage(unit, one);
      await deleteMessage(unit, row("one", 1));
      return (await chatOf(unit, BOB)).last;
    });
    assert.equal(last?.key, "two");
  });

  it("does not find under an old name what it has renamed or deleted", async () => {
    await work((unit) => putMessage(unit, row("one", 1, { archiveKey: "old" })));
    const unit = new Unit(database, generation);
    await putMessage(unit, row("one", 1, { archiveKey: "new" }));
    assert.equal(await unit.message("archiveKey", "old"), undefined);
    unit.delete("messages", "one");
    assert.equal(await unit.message("archiveKey", "new"), undefined);
    assert.equal(await unit.get("messages", "one"), undefined);
  });

  it("of a former writer is refused whole", async () => {
    const old = new Unit(database, generation);
    await putMessage(old, row("ghost", 1));
    const next = await takeOver(database);
    await assert.rejects(old.commit(), SupersededError);
    generation = next;
    assert.equal(await work(async (unit) => unit.get("messages", "ghost")), undefined);
    assert.equal(await work(async (unit) => unit.get("chats", BOB)), undefined);
  });

  it("that cannot be stored stores nothing", async () => {
    const unit = new Unit(database, generation);
    await changeChat(unit, BOB, { encrypted: true });
    // A function cannot be cloned: the same happens with any value the disk refuses.
    unit.put("messages", { ...row("bad", 1), failure: (() => undefined) as never });
    await assert.rejects(unit.commit());
    assert.equal(await work(async (other) => other.get("chats", BOB)), undefined);
  });
});

describe("a timeline", () => {
  it("never loses a text to a reason", async () => {
    await work((unit) => putMessage(unit, row("one", 1)));
    await work((unit) => putMessage(unit, row("one", 1, { body: { kind: "reason", reason: "broken-session" } })));
    const kept = await work(async (unit) => unit.get("messages", "one"));
    assert.deepEqual(kept?.body, { kind: "text", text: "one" });
  });

  it("knows its last message, also when a row moves or goes", async () => {
    await work(async (unit) => {
      await putMessage(unit, row("one", 1));
      await putMessage(unit, row("two", 2));
      await putMessage(unit, row("old", 1));
    });
    const last = () => work(async (unit) => (await chatOf(unit, BOB)).last?.key);
    assert.equal(await last(), "two");
    await work((unit) => putMessage(unit, row("mine", 2 ** 50, { outgoing: true, counted: 0 })));
    assert.equal(await last(), "mine");
    await work((unit) => putMessage(unit, row("three", 4)));
    await work((unit) => putMessage(unit, row("mine", 3, { outgoing: true, counted: 0 })));
    assert.equal(await last(), "three");
    await work(async (unit) => deleteMessage(unit, row("three", 4)));
    assert.equal(await last(), "mine");
  });

  it("keeps its last message when older ones come in, at places below zero, and counts from where was read", async () => {
    await work((unit) => putMessage(unit, row("new", 5)));
    await work(async (unit) => {
      for (let at = -300; at < -290; at++) await putMessage(unit, row(`old${at}`, at));
    });
    const last = await work(async (unit) => (await chatOf(unit, BOB)).last?.key);
    assert.equal(last, "new");
    assert.equal((await Cache.open(database)).counts.get(BOB)?.unread, 11);
    await work((unit) => moveReadTo(unit, BOB, -295 as Position));
    assert.equal((await Cache.open(database)).counts.get(BOB)?.unread, 5);
    assert.deepEqual(
      await work(async (unit) => (await unit.counted(BOB, -295 as Position)).map(({ position }) => position)),
      [-300, -299, -298, -297, -296, -295],
    );
  });

  it("finds in what it read ahead what it would have found, its own writes included", async () => {
    await work((unit) => putMessage(unit, row("one", 1, { archiveKey: "x" })));
    const unit = new Unit(database, generation);
    await unit.lookAhead([
      ["archiveKey", "x"],
      ["archiveKey", "y"],
      ["key", "one"],
      ["key", "two"],
    ]);
    assert.equal((await unit.message("archiveKey", "x"))?.key, "one");
    assert.equal(await unit.message("archiveKey", "y"), undefined);
    assert.equal((await unit.get("messages", "one"))?.archiveKey, "x");
    assert.equal(await unit.get("messages", "two"), undefined);
    await putMessage(unit, row("two", 2, { archiveKey: "y" }));
    assert.equal((await unit.message("archiveKey", "y"))?.key, "two");
    assert.equal((await unit.get("messages", "two"))?.archiveKey, "y");
    unit.delete("messages", "one");
    assert.equal(await unit.message("archiveKey", "x"), undefined);
  });

  it("counts what is unread and what is older than the device", async () => {
    await work(async (unit) => {
      for (let at = 1; at <= 5; at++) await putMessage(unit, row(`m${at}`, at));
      await putMessage(unit, row("mine", 6, { outgoing: true, counted: 0 }));
      await putMessage(
        unit,
        row("before", 0, { hidden: 1, counted: 0, body: { kind: "reason", reason: "before-device" } }),
      );
      await moveReadTo(unit, BOB, 2 as Position);
      await moveReadTo(unit, BOB, 1 as Position);
    });
    const cache = await Cache.open(database);
    assert.deepEqual(cache.counts.get(BOB), { unread: 3, beforeDevice: 1 });
    assert.equal(cache.chats.get(BOB)?.readTo, 2);
  });
});
