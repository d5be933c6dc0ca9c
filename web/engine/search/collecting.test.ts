import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { BareJid, Position, Time } from "../../../worker/contract/names.ts";
import type { Collected, SearchReply } from "../protocol/search.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { putMessage } from "../store/messages.ts";
import { Store } from "../store/store.ts";
import { collect, collectedAs, Collecting } from "./collecting.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const ROOM = "room@r.example" as BareJid;
const KEY = "0".repeat(88);

let store: Store;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await Store.open(ALICE);
});
afterEach(() => store.close());

const message = (key: string, text: string, at: number, more: Partial<MessageRow> = {}): MessageRow => ({
  ...{ key, chat: BOB, position: at as Position, at: at as Time, outgoing: false, encrypted: true },
  ...({ body: { kind: "text", text } as const, hidden: 0, counted: 0 } as const),
  ...more,
});
const file = (name: string) => `aesgcm://files.example/a/${name}#${KEY}`;

test("what a message is collected as: what was found of its file, what is said of it, else how it is called", () => {
  const shared = { url: "https://files.example/x" };
  const rows: readonly [MessageRow, Collected | undefined][] = [
    [message("a", file("a.jpg"), 1), "media"],
    [message("a", file("a.mp4"), 1), "media"],
    [message("a", file("a.ogg"), 1), "files"],
    [message("a", file("a.pdf"), 1), "files"],
    [message("a", file("a"), 1), "files"],
    [message("a", file("a"), 1, { seen: { kind: "image", type: "image/png", size: 1 } }), "media"],
    [message("a", file("a.jpg"), 1, { seen: { kind: "file", type: "application/octet-stream", size: 1 } }), "files"],
    [message("a", shared.url, 1, { shared: { ...shared, type: "image/jpeg" } }), "media"],
    [message("a", "words", 1, { shared: { ...shared, name: "a.pdf" } }), "files"],
    [message("a", "see https://a.example.org", 1), "links"],
    [message("a", "www.example.org", 1), "links"],
    [message("a", "no link", 1), undefined],
    [message("a", "bob@b.example", 1), undefined],
    [message("a", file("a.jpg"), 1, { retracted: {} }), undefined],
    [message("a", file("a.jpg"), 1, { hidden: 2 }), undefined],
    [message("a", "https://a.example.org", 1, { edits: "b" }), undefined],
  ];
  for (const [row, as] of rows) assert.equal(collectedAs(row), as, JSON.stringify(row));
});

test("of five thousand pictures the newest come first, page by page, each once, and those of others not at all", async () => {
  const all = Array.from({ length: 5_000 }, (_, at) => message(`m${at}`, file(`${at}.jpg`), at + 1));
  await store.work(async (unit) => {
    for (const row of all) unit.put("messages", row);
    unit.put("messages", message("other", file("x.jpg"), 9_000, { chat: ROOM }));
    unit.put("messages", message("words", "words", 9_000));
    unit.put("messages", message("again", file("y.jpg"), 60));
  });
  const keys: string[] = [];
  let before: Position | undefined;
  let pages = 0;
  do {
    const page = await collect(store.database, { chat: BOB, what: "media", most: 200, ...(before && { before }) });
    keys.push(...page.items.map(({ key }) => key));
    before = page.before;
    pages += 1;
  } while (before !== undefined);
  assert.equal(keys.length, 5_001);
  assert.equal(new Set(keys).size, 5_001);
  assert.deepEqual([keys[0], keys.at(-1)], ["m4999", "m0"]);
  assert.ok(pages >= 25 && pages <= 27, `${pages}`);
});

test("a page ends after so many rows, though nothing was found among them, and the next one goes on", async () => {
  await store.work(async (unit) => {
    for (let at = 1; at <= 30; at += 1)
      await putMessage(unit, message(`m${at}`, at === 3 ? file("a.jpg") : "words", at));
  });
  const wanted = { chat: BOB, what: "media", most: 5 } as const;
  const first = await collect(store.database, wanted, 10);
  assert.deepEqual([first.items.length, first.before], [0, 21]);
  const second = await collect(store.database, { ...wanted, before: 21 as Position }, 10);
  const third = await collect(store.database, { ...wanted, before: second.before as Position }, 10);
  assert.deepEqual([third.items.map(({ key }) => key), third.before], [["m3"], undefined]);
});

test("a database that cannot be read is an answer, too, and the next question opens it again", async () => {
  const replies: SearchReply[] = [];
  const collecting = new Collecting((reply) => replies.push(reply));
  const asked = { account: ALICE, collect: { chat: BOB, what: "links", most: 5 } } as const;
  await collecting.ask({ id: 1, ...asked });
  collecting.close();
  await store.work(async (unit) => void (await putMessage(unit, message("a", "https://a.example.org", 1))));
  await collecting.ask({ id: 2, ...asked });
  await collecting.ask({ id: 3, ...asked, account: "nobody@x.example" as BareJid });
  collecting.close();
  assert.deepEqual(
    replies.map(({ id, page }) => [id, page?.items.length]),
    [
      [1, 0],
      [2, 1],
      [3, undefined],
    ],
  );
});
