import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadingArguments } from "../../../worker/contract/calls.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid, EntryId, Position } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { PendingReceipt } from "../store/schema.ts";
import { Telling } from "./telling.ts";

const BOB = "bob@b.example" as BareJid;
const TELL_MS = 100;
const id = (n: number) => `entry-${n}` as EntryId;

/** What is pending in a browser, and an object that answers as it is told. */
function scene(answer: Result<{ readonly receipts: boolean }> = { ok: true, value: { receipts: true } }) {
  const chat = { jid: BOB, untold: undefined as Position | undefined };
  const unit = {
    owed: [] as readonly PendingReceipt[],
    meta: async () => ({ owed: unit.owed }),
    get: async () => chat,
    put: (store: string, row: { owed?: readonly PendingReceipt[]; untold?: Position }) => {
      if (store === "meta") unit.owed = row.owed ?? [];
      else chat.untold = row.untold;
    },
  };
  const calls: ReadingArguments[] = [];
  const run = (job: (of: typeof unit) => Promise<unknown>) => job(unit);
  const told: Promise<unknown>[] = [];
  const store = {
    closed: false,
    onCommit: () => undefined,
    inBackground: (it: never) => told.push(it),
    work: run,
    note: run,
    along: run,
  };
  const remote = {
    call: async (_name: string, args: ReadingArguments) => {
      calls.push(args);
      return answer;
    },
  };
  const account = {
    store,
    remote,
    cache: { chats: new Map([[BOB, chat]]) },
    live: { linked: true },
    delays: { tellMs: TELL_MS },
  };
  const telling = new Telling(account as unknown as Account);
  return { telling, calls, chat, unit, live: account.live, settled: () => Promise.all(told) };
}

test("what is decrypted and read within a moment is told in one call", async ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { telling, calls, chat, unit, settled } = scene();
  unit.owed = [{ message: id(1), state: "delivered" }];
  telling.soon();
  mock.timers.tick(TELL_MS - 1);
  unit.owed = [...unit.owed, { message: id(1), state: "read" }];
  chat.untold = 7 as Position;
  telling.soon();
  assert.deepEqual(calls, []);
  mock.timers.tick(1);
  await settled();
  assert.deepEqual(calls, [{ delivered: [id(1)], read: [id(1)], positions: [{ chat: BOB, position: 7 }] }]);
  assert.deepEqual([unit.owed, chat.untold], [[], undefined]);
});

test("receipts that an object does not take yet stay, the position does not", async () => {
  const { telling, calls, chat, unit } = scene({ ok: true, value: { receipts: false } });
  unit.owed = [{ message: id(1), state: "delivered" }];
  chat.untold = 7 as Position;
  await telling.tell();
  assert.equal(calls.length, 1);
  assert.deepEqual([unit.owed.length, chat.untold], [1, undefined]);
});

test("while the object is not connected it is told the position alone", async () => {
  const { telling, calls, chat, unit, live } = scene();
  live.linked = false;
  unit.owed = [{ message: id(1), state: "delivered" }];
  chat.untold = 7 as Position;
  await telling.tell();
  assert.deepEqual(calls, [{ delivered: [], read: [], positions: [{ chat: BOB, position: 7 }] }]);
  assert.equal(unit.owed.length, 1);
});

test("nothing is forgotten that could not be told, and what is refused is not told again", async () => {
  const offline = scene({ ok: false, error: { kind: "offline" } });
  offline.unit.owed = [{ message: id(1), state: "read" }];
  await offline.telling.tell();
  assert.equal(offline.unit.owed.length, 1);
  const refused = scene({ ok: false, error: { kind: "malformed" } });
  refused.unit.owed = [{ message: id(1), state: "read" }];
  await refused.telling.tell();
  assert.equal(refused.unit.owed.length, 0);
});

test("more than fits into one call is told in several", async () => {
  const { telling, calls, unit } = scene();
  unit.owed = Array.from({ length: LIMITS.receipts + 1 }, (_, n) => ({ message: id(n), state: "delivered" }));
  await telling.tell();
  assert.deepEqual(
    calls.map(({ delivered }) => delivered.length),
    [LIMITS.receipts, 1],
  );
});
