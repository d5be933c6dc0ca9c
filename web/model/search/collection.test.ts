import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { BareJid, Position, Time } from "../../../worker/contract/names.ts";
import type {
  CollectedItem,
  CollectedPage,
  CollectRequest,
  SearchReply,
  SearchWorker,
} from "../../engine/protocol/search.ts";
import { Collection } from "./collection.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

let asked: CollectRequest["collect"][];
let listen: (event: { readonly data: SearchReply }) => void;
let fail: () => void;
let ended: number;
let last: number;

const worker = (): SearchWorker => ({
  postMessage(request) {
    if (!("collect" in request)) throw new Error("something else was asked");
    asked.push(request.collect);
    last = request.id;
  },
  addEventListener(type: string, listener: unknown) {
    if (type === "message") listen = listener as typeof listen;
    else fail = () => (listener as (event: { preventDefault(): void }) => void)({ preventDefault: () => undefined });
  },
  terminate: () => {
    ended += 1;
  },
});

const items = (count: number, from = 1_000): readonly CollectedItem[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ key: `${from - at}`, chat: BOB, position: (from - at) as Position, at: 1 as Time, outgoing: false },
    ...({ encrypted: true, body: { kind: "text", text: "" } } as const),
  }));
const answer = (page: CollectedPage | undefined, id = last) => listen({ data: { id, ...(page && { page }) } });
const collection = () => new Collection(ALICE, { chat: BOB, what: "media" }, worker);

beforeEach(() => {
  asked = [];
  ended = 0;
});

test("a page is asked for, and another one when somebody comes near its end", () => {
  const of = collection();
  assert.deepEqual(asked, [{ chat: BOB, what: "media", most: 60 }]);
  answer({ items: items(60), before: 900 as Position });
  assert.deepEqual([of.items.value.length, of.state.value], [60, "more"]);
  of.more();
  of.more();
  assert.deepEqual(asked.slice(1), [{ chat: BOB, what: "media", most: 60, before: 900 }]);
  answer({ items: items(5, 800) });
  assert.deepEqual([of.items.value.length, of.state.value], [65, "whole"]);
  of.more();
  assert.equal(asked.length, 2);
});

test("where many messages hold few, it goes on by itself until a page is full", () => {
  const of = collection();
  answer({ items: items(3), before: 500 as Position });
  answer({ items: [], before: 400 as Position });
  assert.deepEqual(
    asked.slice(1).map(({ most, before }) => [most, before]),
    [
      [57, 500],
      [57, 400],
    ],
  );
  assert.equal(of.state.value, "reading");
});

test("what could not be read is asked for again, and nothing is heard behind the end", () => {
  const of = collection();
  answer(undefined);
  assert.equal(of.state.value, "failed");
  of.more();
  fail();
  assert.deepEqual([of.state.value, ended], ["failed", 1]);
  of.more();
  const id = last;
  of.end();
  answer({ items: items(1) }, id);
  assert.deepEqual([of.items.value.length, ended], [0, 2]);
});
