import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import { ROUTES } from "./contract/routes.ts";
import { CONTRACT_VERSION } from "./contract/version.ts";
import { health } from "./health.ts";

const app = new Hono<{ Bindings: Env }>();
app.get(ROUTES.health, health);

/** @param ready what the one object that is asked does */
async function asked(ready: () => Promise<boolean>, settings: Partial<Env> = {}) {
  const keys: string[] = [];
  const env = {
    SIGN_IN_LIMIT: { limit: async ({ key }: { key: string }) => ({ success: keys.push(key) > 0 }) },
    GATEKEEPER: { idFromName: (name: string) => name, get: () => ({ ready }) },
    ALLOWED_DOMAINS: "example.org",
    ...settings,
  } as unknown as Env;
  const answer = await app.request(ROUTES.health, { headers: { "cf-connecting-ip": "192.0.2.1" } }, env);
  return { status: answer.status, said: await answer.json(), keys };
}

test("D13: a deployment that lives says of which release it is, and nothing of anybody", async () => {
  const release = { version: "1.0.0", commit: "abc", contract: 3, object: 8, browser: 5, names: "0123456789ab" };
  const { status, said, keys } = await asked(async () => true, { RELEASE: JSON.stringify(release) });
  assert.equal(status, 200);
  assert.deepEqual(said, {
    contract: CONTRACT_VERSION,
    version: "1.0.0",
    commit: "abc",
    domains: "listed",
    objects: "answer",
  });
  assert.deepEqual(keys, ["health 192.0.2.1"], "it is counted, apart from tries to sign in");
});

test("D13: objects that do not answer, or cannot even be asked, are a 503 that says so", async () => {
  const silent = () => Promise.reject(new Error("overloaded"));
  const unknown = { JURISDICTION: "nowhere" };
  for (const { status, said } of [await asked(silent), await asked(async () => true, unknown)]) {
    assert.equal(status, 503);
    assert.deepEqual(said, {
      ...{ contract: CONTRACT_VERSION, version: "unknown", commit: "unknown" },
      ...{ domains: "listed", objects: "do not answer" },
    });
  }
});

test("how the gateway stands is said where there is one, and why it does not", async () => {
  const settings = (state: () => Promise<unknown>, password = "secret") =>
    ({
      GATEWAY_ADDRESS: "push@example.org",
      GATEWAY_PASSWORD: password,
      GATEWAY: { idFromName: (name: string) => name, get: () => ({ state }) },
    }) as unknown as Partial<Env>;
  const rows: readonly (readonly [Partial<Env>, string])[] = [
    [settings(async () => ({ standing: { jid: "push@example.org/x", since: 1 } })), "stands"],
    [settings(async () => ({ failure: { kind: "wrong-password" } })), "does not stand: wrong-password"],
    [
      settings(async () => ({ failure: { kind: "server-not-proven", detail: "600000 iterations" } })),
      "does not stand: server-not-proven (600000 iterations)",
    ],
    [settings(async () => ({ failure: { kind: "refused", detail: "xmpp.example.org" } })), "does not stand: refused"],
    [settings(() => Promise.reject(new Error("overloaded"))), "does not answer"],
    [settings(async () => ({}), ""), "has no password"],
  ];
  for (const [given, gateway] of rows) {
    const { status, said } = await asked(async () => true, given);
    assert.equal(status, 200);
    assert.equal((said as { readonly gateway?: string }).gateway, gateway);
  }
});

test("D13: who asks too often is told to wait, and no object wakes", async () => {
  const env = { SIGN_IN_LIMIT: { limit: async () => ({ success: false }) } } as unknown as Env;
  const answer = await app.request(ROUTES.health, {}, env);
  assert.equal(answer.status, 429);
});
