import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Remote } from "../object/calls.ts";
import { newRoad, SAYS, Talk } from "./talk.ts";

const SECOND_MS = 1_000;

/** A talk whose calls fail with what `answer` says, by a clock that the test sets. */
async function failingFor(kind: Failure["kind"], forMs: number): Promise<"carried" | "lost"> {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    let over: "carried" | "lost" | undefined;
    const call = async () =>
      Date.now() < forMs ? { ok: false, error: { kind } } : { ok: true, value: { done: true } };
    const talk = new Talk({ call } as unknown as Remote, { peer: 1 as DeviceId, road: newRoad() }, () => {
      over = "lost";
    });
    void talk.say(SAYS.there).then((carried) => {
      if (carried) over = "carried";
    });
    for (let passed = 0; over === undefined && passed < 300; passed += 1) {
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      mock.timers.tick(SECOND_MS);
    }
    return over ?? assert.fail("it never ends");
  } finally {
    mock.timers.reset();
  }
}

test("whoever has said as much as a minute allows waits for the next minute", async () => {
  assert.equal(await failingFor("too-busy", 62 * SECOND_MS), "carried");
});

test("an end that is not there is given up after half a minute", async () => {
  assert.equal(await failingFor("not-found", 20 * SECOND_MS), "carried");
  assert.equal(await failingFor("not-found", 62 * SECOND_MS), "lost");
});
