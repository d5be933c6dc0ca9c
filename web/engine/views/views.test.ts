/** When pages are told of a commit, and with which counts. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { accountOf } from "../account.ts";
import { DELAYS } from "../delays.ts";
import type { EngineEvent } from "../protocol/engine.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { changeChat, moveReadTo, putMessage } from "../store/messages.ts";
import { Store } from "../store/store.ts";
import { until } from "../testing/browser.ts";
import { Views } from "./views.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

let store: Store;
let told: EngineEvent[];
let views: Views;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await Store.open(ALICE);
  await store.work((unit) => putMessage(unit, row(1)));
  await store.cache.count([BOB]);
  told = [];
  const account = accountOf({ jid: ALICE } as never, store, undefined as never, DELAYS);
  views = new Views(account, (event) => told.push(event));
});

afterEach(() => store.close());

function row(position: number, change: Partial<MessageRow> = {}): MessageRow {
  const body = { kind: "text", text: "hello" } as const;
  const shown = { outgoing: false, hidden: 0, counted: 1, encrypted: true } as const;
  return { key: `m${position}`, chat: BOB, position: position as Position, at: position, body, ...shown, ...change };
}

const types = () => told.map(({ type }) => type);
const unread = () => told.flatMap((event) => (event.type === "chats" ? event.chats.map((chat) => chat.unread) : []));

describe("a page", () => {
  it("is told of an own message and its row of the list in one turn", async () => {
    await store.work((unit) => putMessage(unit, row(2, { outgoing: true, counted: 0 })));
    assert.deepEqual(types(), ["messages", "chats"]);
  });

  it("is told of a message of somebody else first, of the list in the next turn, without a count on the disk", async () => {
    store.cache.count = () => Promise.reject(new Error("counted"));
    await store.work((unit) => putMessage(unit, row(2)));
    assert.deepEqual(types(), ["messages"]);
    await until(() => types().includes("chats"));
    assert.deepEqual(unread(), [2]);
  });

  it("is told the right number though a message came while the rest of what was read was counted", async () => {
    await store.work((unit) => putMessage(unit, row(2)));
    await until(() => unread().length === 1);
    const { cache } = store;
    const count = cache.count.bind(cache);
    const counted: Promise<void>[] = [];
    cache.count = (chats) => {
      const counting = count(chats);
      counted.push(counting);
      return counting;
    };
    const read = store.work((unit) => moveReadTo(unit, BOB, 1 as Position));
    await Promise.all([read, store.work((unit) => putMessage(unit, row(3)))]);
    await until(() => unread().length >= 2);
    await Promise.all(counted);
    await until(() => unread().at(-1) === 2);
    assert.equal(cache.isCounted(BOB), true);
  });

  it("is told of a room that was left without a word as one that has no row in the list, and never as of a person", async () => {
    const room = { jid: "tea@rooms.b.example" as BareJid, nick: "alice", joined: true };
    await store.work(async (unit) => unit.put("rooms", room));
    await until(() => types().includes("chats"));
    await store.work(async (unit) => unit.put("rooms", { ...room, joined: false }));
    await until(() => told.filter(({ type }) => type === "chats").length === 2);
    const last = told.findLast((event) => event.type === "chats");
    const [chat] = (last?.type === "chats" && last.chats) || [];
    assert.deepEqual([chat?.jid, chat?.room?.state, chat?.unlisted], [room.jid, "left", true]);
  });

  it("is not told a row of the list again that is as it was told, but is after a snapshot", async () => {
    await store.work((unit) => moveReadTo(unit, BOB, 1 as Position));
    await until(() => types().includes("chats"));
    const before = told.length;
    views.chatsChanged([BOB]);
    await store.work((unit) => changeChat(unit, BOB, { untold: 1 as Position }));
    assert.equal(told.length, before);
    const [snapshot] = views.chats();
    views.chatsChanged([BOB]);
    assert.deepEqual(told.slice(before), [{ type: "chats", chats: [snapshot], removed: [] }]);
  });

  it("is told nothing of an account that was closed meanwhile", async () => {
    await store.work((unit) => putMessage(unit, row(2)));
    await store.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(types(), ["messages"]);
  });
});
