import assert from "node:assert/strict";
import { test } from "node:test";
import { RULES } from "../durable/gatekeeper/rules.ts";
import { Door } from "../durable/gatekeeper/door.ts";
import { MemoryStorage } from "../durable/testing/sql-storage.ts";
import { failed } from "./shared/failed.ts";
import { settleSignIn } from "./sign-in-gate.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const KNOCK = { account: "owner", network: "net-1", neighbourhood: "hood-1", domain: "a.example" };
const WRONG = failed("wrong-password");
const LAPSED = failed("sign-in-lapsed");

/** The gatekeeper's door as the Worker reaches it. */
function gate() {
  const door = new Door(new MemoryStorage().sql);
  const settle = (...args: [string, string, "proved" | "wrong" | "failed"]) => door.settle(...args, NOW);
  const env = { GATEKEEPER: { idFromName: () => "gatekeeper", get: () => ({ settle }) } } as unknown as Env;
  return { door, env };
}

test("S5: keys that are sent twice for one attempt are counted by what the server says of them, whoever is answered first", async () => {
  const { door, env } = gate();
  for (let n = 0; n < RULES.here.free; n += 1) {
    const admitted = door.admit(KNOCK, 50, NOW);
    assert.ok(admitted.ok, `try ${n + 1}`);
    const pass = { object: KNOCK.account, ticket: admitted.value.ticket };
    // The first is at the server, so nothing waits for the second.
    await settleSignIn({ env }, pass, LAPSED);
    await settleSignIn({ env }, pass, WRONG);
  }
  const next = door.admit(KNOCK, 50, NOW);
  assert.equal(!next.ok && next.error.kind, "too-many-tries");
});

test("S5: a right password also makes a try before it that lapsed a mistake", async () => {
  const { door, env } = gate();
  for (let n = 0; n < 2 * RULES.here.free; n += 1) {
    const first = door.admit(KNOCK, 50, NOW);
    const second = door.admit(KNOCK, 50, NOW);
    assert.ok(first.ok && second.ok, `sign-in ${n + 1}`);
    await settleSignIn({ env }, { object: KNOCK.account, ticket: first.value.ticket }, LAPSED);
    await settleSignIn({ env }, { object: KNOCK.account, ticket: second.value.ticket }, { ok: true, value: {} });
    // Its place is given up with the time.
    door.settle(first.value.ticket, KNOCK.account, "wrong", NOW);
  }
});
