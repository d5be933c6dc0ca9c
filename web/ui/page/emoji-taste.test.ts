import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY, tasteIn } from "./emoji-taste.ts";
import { TASTE_KEY } from "./forget.ts";

test("what is kept is what is forgotten", () => assert.equal(KEY, TASTE_KEY));

test("what was chosen is read as it was written, and nonsense is nothing", () => {
  assert.deepEqual(tasteIn('{"recent":["🎉","👍"],"tone":3}'), { recent: ["🎉", "👍"], tone: 3 });
  for (const kept of [null, "", "nonsense", "null", "[]", "7", '{"recent":7,"tone":"x"}'])
    assert.deepEqual(tasteIn(kept), { recent: [], tone: 0 }, String(kept));
  assert.deepEqual(tasteIn(`{"recent":[1,"${"x".repeat(99)}","a"]}`).recent, ["a"]);
  assert.equal(tasteIn(JSON.stringify({ recent: Array.from({ length: 99 }, String) })).recent.length, 24);
});
