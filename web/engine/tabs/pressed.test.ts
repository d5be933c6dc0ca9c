import assert from "node:assert/strict";
import { test } from "node:test";
import { pressed } from "./pressed.ts";

/** An engine that answers when it is told to; what it was asked for. */
function given() {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const act = pressed(
    (args: { readonly act: string; readonly of: string }) =>
      new Promise<number>((resolve, reject) => {
        const count = asked.push(`${args.act} ${args.of}`);
        waiting.push(() => (args.act === "break" ? reject(new Error("broken")) : resolve(count)));
      }),
  );
  return { asked, act, answer: () => waiting.shift()?.() };
}

test("the second press of two is answered as the first one, and asks for nothing", async () => {
  const { asked, act, answer } = given();
  const both = [act({ act: "join", of: "room" }), act({ act: "join", of: "room" })];
  answer();
  assert.deepEqual([await Promise.all(both), asked], [[1, 1], ["join room"]]);
});

test("a press after the answer is another one, also where the first one failed", async () => {
  const { asked, act, answer } = given();
  for (const what of ["join", "break"]) {
    for (const _press of [1, 2]) {
      const done = act({ act: what, of: "room" }).catch(() => undefined);
      answer();
      await done;
    }
  }
  assert.deepEqual(asked, ["join room", "join room", "break room", "break room"]);
});

test("on, off, on: nothing is left out, and the last answer is that of the last", async () => {
  const { asked, act, answer } = given();
  const all = ["block", "unblock", "block", "block"].map((one) => act({ act: one, of: "bob" }));
  for (const _one of all) answer();
  assert.deepEqual(
    [await Promise.all(all), asked],
    [
      [1, 2, 3, 3],
      ["block bob", "unblock bob", "block bob"],
    ],
  );
});

test("what is about somebody else is another act", async () => {
  const { asked, act, answer } = given();
  const all = ["bob", "carol"].map((of) => act({ act: "block", of }));
  for (const _one of all) answer();
  assert.deepEqual(
    [await Promise.all(all), asked],
    [
      [1, 2],
      ["block bob", "block carol"],
    ],
  );
});
