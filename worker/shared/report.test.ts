import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { drop } from "./drop.ts";
import { report } from "./report.ts";
import { reportUncaught, type ThrowingScope } from "./uncaught.ts";

/** What is written to the log while something is done. */
async function logged(act: () => void): Promise<readonly unknown[][]> {
  const log = mock.method(console, "error", () => undefined);
  act();
  await new Promise((resolve) => setImmediate(resolve));
  log.mock.restore();
  return log.mock.calls.map(({ arguments: words }) => words);
}

test("S20: of an error the log gets its class and nothing else", async () => {
  const secret = new TypeError("the password is hunter2", { cause: "hunter2" });
  assert.deepEqual(await logged(() => report("it failed", secret)), [["it failed", "TypeError"]]);
  assert.deepEqual(await logged(() => report("it failed", "hunter2")), [["it failed", "string"]]);
});

test("S20: so does what nobody has caught, and the browser says nothing by itself", async () => {
  const scope = new EventTarget();
  reportUncaught(scope as unknown as ThrowingScope);
  const thrown = Object.assign(new Event("error", { cancelable: true }), { error: new TypeError("hunter2") });
  const rejected = Object.assign(new Event("unhandledrejection", { cancelable: true }), { reason: "hunter2" });
  const words = await logged(() => {
    for (const event of [thrown, rejected]) scope.dispatchEvent(event);
  });
  assert.deepEqual(words, [
    ["uncaught failure", "TypeError"],
    ["unexpected failure", "string"],
  ]);
  assert.ok(thrown.defaultPrevented && rejected.defaultPrevented);
});

test("S20: so does a rejection that nobody waits for", async () => {
  const words = await logged(() => drop(Promise.reject(new RangeError("hunter2"))));
  assert.deepEqual(words, [["unexpected failure", "RangeError"]]);
});
