import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { BareJid, Position, Time } from "../../../worker/contract/names.ts";
import type { SearchQuery, SearchReply } from "../protocol/search.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { eraseAccount } from "../store/database.ts";
import { deletedRow, putMessage } from "../store/messages.ts";
import { Store } from "../store/store.ts";
import { Answering } from "./answering.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const CAROL = "carol@c.example" as BareJid;

let store: Store;
let answering: Answering;
let replies: SearchReply[];
let asked = 0;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await Store.open(ALICE);
  replies = [];
  answering = new Answering((reply) => replies.push(reply));
});

afterEach(() => store.close());

const message = (key: string, text: string, at: number, chat = BOB): MessageRow => ({
  ...{ key, chat, position: at as Position, at: at as Time, outgoing: false, encrypted: true },
  ...({ body: { kind: "text", text } as const, hidden: 0, counted: 0 } as const),
});

const put = (...rows: readonly MessageRow[]) =>
  store.work(async (unit) => {
    for (const row of rows) await putMessage(unit, row);
  });

function ask(query: Partial<SearchQuery>, limit = 10): Promise<void> {
  asked += 1;
  return answering.ask({ id: asked, account: ALICE, query: { words: [], chats: [BOB, CAROL], ...query }, limit });
}

async function found(query: Partial<SearchQuery>, limit = 10): Promise<string> {
  await ask(query, limit);
  const { answer } = replies.at(-1) ?? {};
  return answer === undefined ? "unanswered" : [...answer.hits.map(({ key }) => key), answer.total].join(" ");
}

it("U17: the newest come first, so many of all, with how far back the texts reach", async () => {
  await put(
    message("a", "tea", 30),
    message("b", "tea", 10),
    message("c", "coffee", 5),
    message("d", "tea", 20, CAROL),
  );
  assert.equal(await found({ words: ["tea"] }), "a d b 3");
  assert.equal(await found({ words: ["tea"] }, 2), "a d 3");
  assert.equal(await found({ words: ["tea"], oldest: true }, 1), "b 3");
  assert.equal(replies.at(-1)?.answer?.reach, 5);
  assert.equal(await found({ words: ["tea"], chats: [CAROL] }), "d 1");
  assert.equal(replies.at(-1)?.answer?.reach, 20);
  assert.equal(await found({ chats: [] }), "0");
  assert.equal("reach" in (replies.at(-1)?.answer ?? {}), false);
});

it("U17: what came, changed or went since the last question is known to the next", async () => {
  await put(message("a", "tea", 1), message("b", "tea", 2));
  assert.equal(await found({ words: ["tea"] }), "b a 2");
  await put(message("c", "more tea", 3));
  await store.work(async (unit) => {
    const row = await unit.get("messages", "a");
    if (row !== undefined) unit.put("messages", deletedRow(row));
  });
  assert.equal(await found({ words: ["tea"] }), "c b 2");
});

it("U17: what was here before there were sheets is found meanwhile", async () => {
  const rows = Array.from({ length: 1_200 }, (_, n) => message(`k${n}`, n % 400 === 0 ? "tea" : "coffee", n));
  const old = store.database.transaction(["messages", "meta"], "readwrite");
  for (const row of rows) await old.objectStore("messages").put(row);
  await old.objectStore("meta").delete("sheets");
  await old.done;
  await store.close();
  store = await Store.open(ALICE);
  await put(message("new", "tea", 5_000));
  assert.equal(await found({ words: ["tea"] }), "new k800 k400 k0 4");
});

it("U17: of questions that come while another is worked on the last alone is answered", async () => {
  await put(message("a", "tea", 1));
  await Promise.all([ask({ words: ["t"] }), ask({ words: ["te"] }), ask({ words: ["tea"] })]);
  assert.deepEqual(
    replies.map(({ id }) => id),
    [asked],
  );
});

it("U17: what is not there is not made, and an account that is erased is let go", async () => {
  await answering.ask({ id: 1, account: CAROL, query: { words: [], chats: [] }, limit: 1 });
  assert.deepEqual(replies, [{ id: 1 }]);
  assert.deepEqual(
    (await indexedDB.databases()).map(({ name }) => name),
    [`alcove:${ALICE}`],
  );
  await put(message("a", "tea", 1));
  assert.equal(await found({ words: ["tea"] }), "a 1");
  await store.close();
  assert.equal(await eraseAccount(ALICE).soon, true);
  assert.equal(await found({ words: ["tea"] }), "unanswered");
  assert.deepEqual(await indexedDB.databases(), []);
  store = await Store.open(ALICE);
});
