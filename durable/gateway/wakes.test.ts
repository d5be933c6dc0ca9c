import assert from "node:assert/strict";
import { test } from "node:test";
import { Wakes, WAKING } from "./wakes.ts";

const accountOf = (n: number) => ({ object: String(n).padStart(64, "0"), pass: "p" });

test("what comes now and then wakes at once, and says what the object has said", async (t) => {
  t.mock.timers.enable({ apis: ["Date", "setTimeout"] });
  const wakes = new Wakes(async ({ pass }) => pass === "p");
  assert.equal(await wakes.wake(accountOf(1)), true);
  assert.equal(await wakes.wake({ ...accountOf(2), pass: "old" }), false);
});

test("of a flood an account is woken some times, then once for all that was held back; another one is not kept waiting", async (t) => {
  t.mock.timers.enable({ apis: ["Date", "setTimeout"] });
  const asked: string[] = [];
  const wakes = new Wakes(async ({ object }) => asked.push(object) > 0);
  for (let n = 0; n < 1_000; n += 1) await wakes.wake(accountOf(1));
  assert.equal(asked.length, WAKING.atOnce);
  assert.equal(await wakes.wake(accountOf(2)), true);
  t.mock.timers.tick(WAKING.everyMs);
  assert.equal(asked.filter((object) => object === accountOf(1).object).length, WAKING.atOnce + 1);
  t.mock.timers.tick(WAKING.everyMs * 3);
  assert.equal(asked.length, WAKING.atOnce + 2, "nothing has come since");
});

test("there is an end to how many are remembered, and those that rest make room", async (t) => {
  t.mock.timers.enable({ apis: ["Date", "setTimeout"] });
  let asked = 0;
  const wakes = new Wakes(async () => {
    asked += 1;
    return true;
  });
  for (let n = 0; n < 10_005; n += 1) await wakes.wake(accountOf(n));
  assert.equal(asked, 10_000);
  t.mock.timers.tick(WAKING.everyMs);
  assert.equal(await wakes.wake(accountOf(20_000)), true);
});
