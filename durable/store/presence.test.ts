import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { storesOf } from "../testing/stores.ts";
import { memoryStorage } from "../testing/sql-storage.ts";

const PEOPLE = 5_000;
const person = (n: number) => `p${n}@b.example` as BareJid;

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("R5: 5,000 contacts who come online one after the other are told in one frame, and so when they all go", () => {
  const frames: ServerFrame[] = [];
  const { presence } = storesOf("me@a.example" as BareJid, memoryStorage(), (frame) => frames.push(frame));
  presence.show(true);
  const put = (n: number, available: boolean) =>
    presence.put({ kind: "presence", jid: person(n), resource: "x", available });
  for (let n = 0; n < PEOPLE; n += 1) put(n, true);
  mock.timers.tick(100);
  const told = frames.flatMap((frame) => (frame.type === "presence" ? frame.presence : []));
  assert.deepEqual([frames.length, told.length], [1, PEOPLE]);
  // Whoever comes and goes within one frame is told once, as they are.
  put(1, false);
  put(1, true);
  put(2, false);
  mock.timers.tick(100);
  const last = frames.at(-1);
  assert.deepEqual(last?.type === "presence" && last.presence, [
    { jid: person(1), available: true },
    { jid: person(2), available: false },
  ]);
  presence.show(false);
  mock.timers.tick(100);
  assert.equal(frames.length, 3);
});
