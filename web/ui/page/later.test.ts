import assert from "node:assert/strict";
import { test } from "node:test";
import { LaterPart } from "./later.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a part is fetched when it is first wanted, and once", async () => {
  let fetched = 0;
  const part = new LaterPart(async () => ++fetched);
  assert.equal(fetched, 0);
  part.want();
  part.want();
  assert.deepEqual(part.now.peek(), { state: "loading" });
  await turn();
  part.want();
  await turn();
  assert.deepEqual(part.now.peek(), { state: "here", part: 1 });
  assert.equal(fetched, 1);
});

test("a part that cannot be had says so, and is asked for again when it is wanted again", async () => {
  let there = false;
  const part = new LaterPart(async () => {
    if (!there) throw new Error("404");
    return "part";
  });
  part.want();
  await turn();
  assert.deepEqual(part.now.peek(), { state: "failed" });
  there = true;
  part.want();
  await turn();
  assert.deepEqual(part.now.peek(), { state: "here", part: "part" });
});
