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

test("of somebody's clients the one speaks that is there most, and a change of it is told", () => {
  const frames: ServerFrame[] = [];
  const { presence } = storesOf("me@a.example" as BareJid, memoryStorage(), (frame) => frames.push(frame));
  presence.show(true);
  const put = (resource: string, more: object) =>
    presence.put({ kind: "presence", jid: person(1), resource, available: true, ...more });
  const told = () => {
    mock.timers.tick(100);
    const last = frames.pop();
    return last?.type === "presence" ? last.presence : [];
  };
  put("phone", { show: "xa", idle: 5 });
  assert.deepEqual(told(), [{ jid: person(1), available: true, show: "xa", idle: 5 }]);
  put("desk", { show: "away", idle: 9 });
  assert.deepEqual(told(), [{ jid: person(1), available: true, show: "away", idle: 9 }]);
  put("phone", {});
  assert.deepEqual(told(), [{ jid: person(1), available: true }]);
  put("desk", { show: "dnd" });
  assert.deepEqual(told(), [], "nothing that anybody would see");
  assert.deepEqual(presence.all(), [{ jid: person(1), available: true }]);
});

test("when somebody was here last is kept over streams: their own word, else the moment they left", () => {
  const { presence } = storesOf("me@a.example" as BareJid);
  presence.show(true);
  const come = (jid: BareJid, more: object = {}) =>
    presence.put({ kind: "presence", jid, resource: "r", available: true, ...more });
  const go = (jid: BareJid, at: number, more: object = {}) =>
    presence.put({ kind: "presence", jid, resource: "r", available: false, ...more }, at);
  come(person(1));
  go(person(1), 100);
  assert.equal(presence.lastSeen(person(1)), 100);
  go(person(1), 200);
  assert.equal(presence.lastSeen(person(1)), 100, "who was not here does not leave");
  come(person(2), { idle: 40 });
  go(person(2), 100);
  assert.equal(presence.lastSeen(person(2)), 40, "what they did last counts");
  go(person(3), 100, { idle: 70 });
  assert.equal(presence.lastSeen(person(3)), 70, "as their server says of somebody who is away");
  come(person(4));
  presence.clear();
  assert.deepEqual([presence.lastSeen(person(4)), presence.lastSeen(person(1))], [undefined, 100]);
  presence.forget(person(1));
  assert.equal(presence.lastSeen(person(1)), undefined, "who shows it no longer");
});

test("whoever comes with ever new clients is there, and fills nothing", () => {
  const { presence } = storesOf("me@a.example" as BareJid, memoryStorage(), () => undefined);
  const put = (resource: string, available: boolean) =>
    presence.put({ kind: "presence", jid: person(1), resource, available, ...(available && { show: "away" }) });
  for (let n = 0; n < 60; n += 1) put(`r${n}`, true);
  presence.show(true);
  assert.deepEqual(presence.all(), [{ jid: person(1), available: true, show: "away" }]);
  // What one of those that are kept says still counts, and there is room again when it goes.
  presence.put({ kind: "presence", jid: person(1), resource: "r1", available: true });
  assert.deepEqual(presence.all(), [{ jid: person(1), available: true }]);
  for (let n = 0; n < 50; n += 1) put(`r${n}`, false);
  assert.deepEqual(presence.all(), []);
  put("r59", true);
  assert.equal(presence.all().length, 1);
});
