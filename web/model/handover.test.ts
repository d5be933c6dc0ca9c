/** Every state of handing over has words of its own on both sides, and what may be done about it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId } from "../../worker/contract/names.ts";
import type { Handover, HandoverState } from "../engine/protocol/account.ts";
import { actsOf, handoverWords, isQuiet } from "./handover.ts";

const STATES: readonly HandoverState[] = [
  ...(["waiting", "going", "paused", "paused-there", "away", "full"] as const),
  ...(["left", "cancelled", "cancelled-there", "finished", "nothing"] as const),
];
const told = (role: Handover["role"], state: HandoverState, more: Partial<Handover> = {}) =>
  ({
    kind: "handover",
    key: "k",
    device: 4 as DeviceId,
    done: 1_240,
    of: 4_812,
    gaps: 0,
    name: "Chrome",
    role,
    state,
    ...more,
  }) as const;

test("each state on each side is said in other words, and nothing is left in braces", () => {
  const words = (["taking", "giving"] as const).flatMap((role) =>
    STATES.map((state) => handoverWords(told(role, state))),
  );
  assert.equal(new Set(words).size, words.length);
  for (const one of words) assert.doesNotMatch(one, /[{}]|undefined/);
});

test("how far it is is said in numbers as people write them, and what nobody had at the end", () => {
  assert.equal(handoverWords(told("taking", "going")), "Older messages are coming from Chrome: 1,240 of 4,812");
  assert.equal(
    handoverWords(told("taking", "finished", { gaps: 1 })),
    "1,240 older messages came from Chrome. One could not be read there either.",
  );
});

test("what goes on by itself can be paused or stopped; what is over can be forgotten, or begun again where it was stopped here", () => {
  for (const state of STATES) {
    const acts = actsOf(told("taking", state));
    assert.equal(acts.includes("cancel"), isQuiet(state), state);
    assert.equal(acts.includes("resume"), ["paused", "full", "cancelled"].includes(state), state);
  }
});
