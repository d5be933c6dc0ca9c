import assert from "node:assert/strict";
import { test } from "node:test";
import { ENDINGS } from "../../worker/contract/operator.ts";
import { OperatedAccount, type OperatedParts } from "./operator.ts";

const YESTERDAY = Date.parse("2026-11-26T12:00:00Z");

/** The platform's storage, which keeps a history of itself, and what is done with it in order. */
function onThePlatform({ bound = true, history = true } = {}) {
  const done: string[] = [];
  const storage = {
    getBookmarkForTime: async (at: number) => {
      if (!history) throw new Error("not here");
      return `bookmark of ${at}`;
    },
    onNextSessionRestoreBookmark: async (bookmark: string) => done.push(bookmark),
  };
  const parts = {
    ctx: { storage, abort: (why: string) => done.push(why) },
    connection: { close: async () => done.push("the stream is closed") },
    signIns: { bound, leaveNoTrace: async () => done.push("no trace") },
  } as unknown as OperatedParts;
  return { operated: new OperatedAccount(parts), done };
}

test("D13: an account goes back to yesterday with its stream ended, and the object begins anew", async () => {
  const { operated, done } = onThePlatform();
  await assert.rejects(operated.rewind(YESTERDAY), new RegExp(ENDINGS.rewound));
  assert.deepEqual(done, [`bookmark of ${YESTERDAY}`, "the stream is closed", ENDINGS.rewound]);
});

test("D13: without a history nothing is changed; where nobody is, no trace is left", async () => {
  const without = onThePlatform({ history: false });
  assert.deepEqual(await without.operated.rewind(YESTERDAY), { ok: true, value: { restored: false } });
  assert.deepEqual(without.done, []);
  const nobody = onThePlatform({ bound: false });
  assert.deepEqual(await nobody.operated.rewind(YESTERDAY), {
    ok: false,
    error: { kind: "not-found", detail: "account" },
  });
  assert.deepEqual(nobody.done, ["no trace"]);
});
