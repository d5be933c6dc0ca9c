import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Inbox, Pace, PORTION_LENGTH, WAITING_LENGTH } from "./pace.ts";

const QUARTER = PORTION_LENGTH / 4;
const message = (n: number): string => `${n} `.padEnd(QUARTER);

function inbox(hear: (number: number) => void = () => undefined) {
  const heard: (number | undefined)[] = [];
  const pieces: string[] = [];
  const box = new Inbox((text, more) => {
    pieces.push(`${text?.length}${more ? "+" : ""}`);
    const number = text === undefined ? undefined : Number.parseInt(text, 10);
    heard.push(number);
    if (number !== undefined) hear(number);
  });
  return { box, heard, pieces };
}

test("S1: after each portion others have their turn", async () => {
  const pace = new Pace();
  let turns = 0;
  const others = setInterval(() => {
    turns += 1;
  }, 0);
  for (let portion = 0; portion < 10; portion += 1) {
    const before = turns;
    for (let piece = 0; piece < 4; piece += 1) await pace.after(QUARTER);
    // Both wait for the shortest time there is; theirs may be due a moment behind ours.
    if (turns === before) await pace.after(PORTION_LENGTH);
    assert.ok(turns > before, `portion ${portion}`);
  }
  clearInterval(others);
});

test("S1: what comes at once is heard in portions, in its order, and others have their turn in between", async () => {
  const { box, heard } = inbox();
  for (let n = 0; n < 40; n += 1) box.put(message(n));
  assert.deepEqual(heard, [0, 1, 2, 3]);
  const atTurns: number[] = [];
  while (heard.length < 40) {
    await sleep(0);
    atTurns.push(heard.length);
  }
  assert.ok(new Set(atTurns).size > 3, `others had ${atTurns.length} turns`);
  assert.deepEqual(
    heard,
    Array.from({ length: 40 }, (_, n) => n),
  );
});

test("S1: after a full portion there is a pause, also where nothing waits", async () => {
  const { box, heard } = inbox();
  for (let n = 0; n < 4; n += 1) box.put(message(n));
  await Promise.resolve();
  box.put(message(4));
  assert.deepEqual(heard, [0, 1, 2, 3]);
  while (heard.length < 5) await sleep(0);
});

test("many short ones keep their order, and those that were heard are let go of", async () => {
  const { box, heard } = inbox();
  const numbers = Array.from({ length: 5_000 }, (_, n) => n);
  for (const n of numbers) box.put(`${n}`);
  while (heard.length < numbers.length) await sleep(0);
  assert.deepEqual(heard, numbers);
});

test("what comes slowly is heard at once", async () => {
  const { box, heard } = inbox();
  box.put(message(0));
  assert.deepEqual(heard, [0]);
  box.put(undefined);
  assert.deepEqual(heard, [0, undefined], "a message of no length keeps its place");
});

test("at the end of the connection what waits is heard before it", () => {
  const { box, heard } = inbox();
  for (let n = 0; n < 10; n += 1) box.put(message(n));
  box.flush();
  assert.equal(heard.length, 10);
});

test("what was given up is not heard any more", async () => {
  const { box, heard } = inbox((n) => n === 5 && box.end());
  for (let n = 0; n < 10; n += 1) box.put(message(n));
  await sleep(20);
  assert.deepEqual(heard, [0, 1, 2, 3, 4, 5]);
});

test("S1: of more than may wait, the oldest is heard without pauses and no more of it than came", () => {
  const { box, heard } = inbox();
  const mayWait = WAITING_LENGTH / QUARTER;
  for (let n = 0; n < 2 * mayWait; n += 1) {
    const before = heard.length;
    box.put(message(n));
    assert.ok(n + 1 - heard.length <= mayWait, "it does not grow");
    if (before > 4) assert.equal(heard.length, before + 1);
  }
});

test("a message that throws does not hold up those behind it", async () => {
  const { box, heard } = inbox((n) => {
    if (n === 3) throw new Error("a bug");
  });
  for (let n = 0; n < 3; n += 1) box.put(message(n));
  assert.throws(() => box.put(message(3)), /a bug/);
  for (let n = 4; n < 8; n += 1) box.put(message(n));
  while (heard.length < 8) await sleep(0);
  assert.deepEqual(heard, [0, 1, 2, 3, 4, 5, 6, 7]);
});

test("S1: a message longer than a portion is heard piece by piece, before those behind it", async () => {
  const { box, heard, pieces } = inbox();
  box.put(`1${" ".repeat(2.5 * PORTION_LENGTH - 1)}`);
  box.put(message(7));
  assert.deepEqual(pieces, [`${PORTION_LENGTH}+`]);
  const atTurns: number[] = [];
  while (heard.at(-1) !== 7) {
    await sleep(0);
    atTurns.push(pieces.length);
  }
  assert.deepEqual(pieces, [`${PORTION_LENGTH}+`, `${PORTION_LENGTH}+`, `${PORTION_LENGTH / 2}`, `${QUARTER}`]);
  assert.ok(new Set(atTurns).size > 1, "others had their turn within it");
});

test("what is left of a message that was heard in part is heard at the end of the connection", () => {
  const { box, pieces } = inbox();
  box.put(`1${" ".repeat(3 * PORTION_LENGTH - 1)}`);
  box.put(message(2));
  box.flush();
  assert.deepEqual(pieces, [`${PORTION_LENGTH}+`, `${PORTION_LENGTH}+`, `${PORTION_LENGTH}`, `${QUARTER}`]);
});

test("S1: one message longer than may wait is heard with pauses all the same", async () => {
  const { box, pieces } = inbox();
  box.put(" ".repeat(2 * WAITING_LENGTH));
  assert.equal(pieces.length, 1);
  await sleep(0);
  assert.ok(pieces.length < (2 * WAITING_LENGTH) / PORTION_LENGTH / 2, `${pieces.length} pieces at once`);
  box.end();
});
