import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import { RULES } from "../durable/gatekeeper/rules.ts";
import { Door, type Outcome } from "../durable/gatekeeper/door.ts";
import { MemoryStorage } from "../durable/testing/sql-storage.ts";
import type { Result } from "./contract/failures.ts";
import type { BareJid } from "./contract/names.ts";
import { failed } from "./shared/failed.ts";
import { admitSignIn, settleSignIn } from "./sign-in-gate.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const KNOCK = { account: "owner", network: "net-1", neighbourhood: "hood-1", domain: "a.example" };
const WRONG = failed("wrong-password");
const LAPSED = failed("sign-in-lapsed");

/** The gatekeeper's door as the Worker reaches it. */
function gate() {
  const door = new Door(new MemoryStorage().sql);
  const settle = (ticket: string, account: string, outcome: Outcome, invitation?: string) =>
    door.settle(ticket, account, outcome, NOW, invitation);
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

test("D13: who was proved by an invitation is written down at the second try, where the gatekeeper was reset at the first", async () => {
  const { door, env } = gate();
  const id = "abcdefg2";
  door.invitations.make({ id, uses: 1, made: NOW, ends: NOW + 1 });
  const admitted = door.admit({ ...KNOCK, refused: "no-domains", invitation: id }, 50, NOW);
  assert.ok(admitted.ok);
  const settle = env.GATEKEEPER.get(env.GATEKEEPER.idFromName("gatekeeper")).settle;
  let asked = 0;
  const unsteady = (...args: Parameters<typeof settle>) => {
    asked += 1;
    if (asked === 1) throw new Error("reset");
    return settle(...args);
  };
  const there = { GATEKEEPER: { idFromName: () => "gatekeeper", get: () => ({ settle: unsteady }) } } as unknown as Env;
  const pass = { object: KNOCK.account, ticket: admitted.value.ticket, invitation: id };
  await settleSignIn({ env: there }, pass, { ok: true, value: {} });
  assert.ok(door.admit({ ...KNOCK, refused: "no-domains" }, 50, NOW).ok, "it is let in without, from now on");
});

test("D13, D15: a gatekeeper of the release before, which knows of no invitations, opens the list of domains to nobody", async () => {
  const admit = async () => ({ ok: true, value: { ticket: "ticket" } });
  const env = {
    NAME_SECRET: "a-secret-that-is-long-enough-to-name-objects",
    COOKIE_SECRET: "a secret of this test, long enough",
    ALLOWED_DOMAINS: "",
    SIGN_IN_LIMIT: { limit: async () => ({ success: true }) },
    GATEKEEPER: { idFromName: () => "gatekeeper", get: () => ({ admit }) },
  };
  const app = new Hono<{ Bindings: Env }>();
  app.post("/", async (c) => c.json(await admitSignIn(c, "alice@example.org" as BareJid)));
  const kindOf = async (allowed: string) => {
    const answer = await app.request("/", { method: "POST" }, { ...env, ALLOWED_DOMAINS: allowed } as unknown as Env);
    const result: Result<unknown> = await answer.json();
    return result.ok ? "in" : result.error.kind;
  };
  assert.deepEqual(await Promise.all(["", "elsewhere.example", "example.org", "*"].map(kindOf)), [
    ...["no-domains", "domain-refused", "in", "in"],
  ]);
});
