import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid, Seq } from "../../worker/contract/names.ts";
import type { StanzaEvent } from "../ingest/stanza-event.ts";
import { storesOf } from "../testing/stores.ts";
import { memoryStorage } from "../testing/sql-storage.ts";

// After the hook that loads `.sql` files.
const { Applier } = await import("./apply.ts");

const ME = "me@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const EVE = "eve@x.example" as BareJid;

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 }));
afterEach(() => mock.timers.reset());

/** Bob is a contact, Eve is not. */
function scene() {
  const frames: ServerFrame[] = [];
  const stores = storesOf(ME, memoryStorage(), (frame) => frames.push(frame));
  const applier = new Applier(stores);
  const take = (...events: readonly StanzaEvent[]) => stores.turn(() => applier.apply(events));
  take({ kind: "contact", jid: BOB, subscription: "both", asked: false });
  const told = () => frames.flatMap((frame) => (frame.type === "typing" ? [[frame.chat, frame.who]] : []));
  const types = (chat: BareJid, composing: boolean): StanzaEvent => ({ kind: "typing", chat, composing });
  return { stores, take, told, types };
}

test("that a contact writes is told, and that they no longer do; nothing of it is an entry", () => {
  const { stores, take, told, types } = scene();
  const { head } = stores.log;
  take(types(BOB, true));
  mock.timers.tick(0);
  take(types(BOB, true));
  take(types(BOB, false));
  mock.timers.tick(1_000);
  assert.deepEqual(told(), [
    [BOB, [""]],
    [BOB, []],
  ]);
  assert.equal(stores.log.head, head as Seq);
  assert.deepEqual(stores.typing.all(), []);
});

test("whoever fell silent in the middle of it is shown writing to nobody who looks two minutes later, and takes no place", () => {
  const { stores, take, types } = scene();
  const others = Array.from({ length: 60 }, (_, n) => `p${n}@b.example` as BareJid);
  for (const jid of others) take({ kind: "contact", jid, subscription: "both", asked: false }, types(jid, true));
  mock.timers.tick(119_000);
  assert.equal(stores.typing.all().length, 50);
  mock.timers.tick(2_000);
  assert.deepEqual(stores.typing.all(), []);
  take(types(BOB, true));
  assert.deepEqual(stores.typing.all(), [{ type: "typing", chat: BOB, who: [""] }]);
});

test("A: nobody who is no contact is shown typing", () => {
  const { take, told, types } = scene();
  take(types(EVE, true));
  mock.timers.tick(5_000);
  assert.deepEqual(told(), []);
});

test("whoever changes their mind a thousand times within a second is told once", () => {
  const { take, told, types } = scene();
  take(types(BOB, true));
  mock.timers.tick(0);
  for (let n = 0; n < 1_000; n += 1) take(types(BOB, n % 2 === 1));
  mock.timers.tick(999);
  assert.equal(told().length, 1);
  mock.timers.tick(1);
  assert.equal(told().length, 2);
});

test("it ends with the message that comes of it, with whoever writes it, and with the stream", () => {
  const { stores, take, types } = scene();
  const writes = () => stores.typing.all().length === 1;
  const message: StanzaEvent = {
    ...{ kind: "message", chat: BOB, sender: BOB, outgoing: false, at: Date.now() },
    content: { kind: "clear", text: "there" },
  };
  take(types(BOB, true), message);
  assert.equal(writes(), false);
  take(types(BOB, true));
  take({ kind: "presence", jid: BOB, resource: "x", available: false });
  assert.equal(writes(), false);
  take(types(BOB, true));
  assert.equal(writes(), true);
  stores.typing.clear();
  assert.equal(writes(), false);
});

test("who does not tell that they type is not shown it of others either", () => {
  const { stores, take, types } = scene();
  stores.turn(() => stores.choices.choose([{ name: "typing", value: false }], 0));
  take(types(BOB, true));
  assert.deepEqual(stores.typing.all(), []);
});

test("nobody can fill the memory with writers", () => {
  const { stores } = scene();
  for (let n = 0; n < 500; n += 1) {
    stores.typing.put({ chat: `p${n}@b.example` as BareJid, composing: true });
    stores.typing.put({ chat: BOB, nick: `n${n}`, composing: true });
  }
  assert.equal(stores.typing.all().length, 50);
  assert.equal(stores.typing.all().find(({ chat }) => chat === BOB)?.who.length, 20);
});
