import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { ScramChallenge, ScramProof } from "../../worker/contract/sign-in.ts";
import { Attempts } from "./attempts.ts";

type Browser = { readonly name: string };
const CHALLENGE: ScramChallenge = { mechanism: "SCRAM-SHA-256", salt: "AAAA", iterations: 4_096 };
const PROOF: ScramProof = { clientKey: "right", serverKey: "key" };
const LAPSED = { ok: false, error: { kind: "sign-in-lapsed" } };

/** A server that asks for keys once, and lets in whoever has the right ones. */
const asking = async (
  keysFor: (challenge: ScramChallenge) => Promise<Result<ScramProof>>,
): Promise<Result<Browser>> => {
  const keys = await keysFor(CHALLENGE);
  if (!keys.ok) return keys;
  return keys.value === PROOF ? { ok: true, value: { name: "one" } } : { ok: false, error: { kind: "wrong-password" } };
};

async function begun(attempts: Attempts<Browser>, run = asking): Promise<string> {
  const first = await attempts.begin(run);
  assert.ok(first.ok && first.value.step === "prove", JSON.stringify(first));
  return first.value.attempt;
}

test("A12: a sign-in waits for the keys that the browser makes, and ends as the server says", async () => {
  const attempts = new Attempts<Browser>();
  const first = await attempts.begin(asking);
  assert.ok(first.ok && first.value.step === "prove");
  const { attempt, ...rest } = first.value;
  assert.deepEqual(rest, { step: "prove", ...CHALLENGE });
  assert.deepEqual(await attempts.finish(attempt, PROOF), { ok: true, value: { name: "one" } });
  const wrong = await attempts.finish(await begun(attempts), { ...PROOF });
  assert.deepEqual(wrong, { ok: false, error: { kind: "wrong-password" } });
});

test("one that needs no keys, or fails before it asks for any, is over at once", async () => {
  const attempts = new Attempts<Browser>();
  const done = await attempts.begin(async () => ({ ok: true, value: { name: "one" } }));
  assert.deepEqual(done, { ok: true, value: { step: "done", name: "one" } });
  const refused = { ok: false, error: { kind: "refused" } } as const;
  assert.deepEqual(await attempts.begin(async () => refused), refused);
});

test("each is finished once, under its own name", async () => {
  const attempts = new Attempts<Browser>();
  const attempt = await begun(attempts);
  assert.deepEqual(await attempts.finish("another", PROOF), LAPSED);
  assert.ok((await attempts.finish(attempt, PROOF)).ok);
  assert.deepEqual(await attempts.finish(attempt, PROOF), LAPSED);
});

test("a browser that never comes back holds up nothing for longer than half a minute", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const attempts = new Attempts<Browser>();
  const outcomes: unknown[] = [];
  const attempt = await begun(attempts, async (keysFor) => {
    const outcome = await asking(keysFor);
    outcomes.push(outcome);
    return outcome;
  });
  context.mock.timers.tick(LIMITS.signInWaitMs - 1);
  await Promise.resolve();
  assert.deepEqual(outcomes, []);
  context.mock.timers.tick(1);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(outcomes, [LAPSED]);
  assert.deepEqual(await attempts.finish(attempt, PROOF), LAPSED);
});

test("S5: strangers cannot take all places: whoever comes when they are full ends the oldest wait", async () => {
  const attempts = new Attempts<Browser>();
  const all: string[] = [];
  for (let n = 0; n < LIMITS.waitingSignIns + 2; n += 1) all.push(await begun(attempts));
  const outcomes = await Promise.all(all.map((attempt) => attempts.finish(attempt, PROOF)));
  assert.deepEqual(
    outcomes.map(({ ok }) => ok),
    all.map((_, at) => at >= 2),
  );
});

test("a server that asks a second time, at another endpoint, gets no keys made for the first", async () => {
  const attempts = new Attempts<Browser>();
  const attempt = await begun(attempts, async (keysFor) => {
    await keysFor(CHALLENGE);
    return asking(keysFor);
  });
  assert.deepEqual(await attempts.finish(attempt, PROOF), LAPSED);
});
