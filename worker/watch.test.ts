import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { lookAfter } from "./watch.ts";

test("D5: a round asks each account once, is not held up by one that is ill, and tells what it has seen", async () => {
  const told: unknown[] = [];
  const accounts: Readonly<Record<string, () => Promise<{ staysOnline: boolean; woken: boolean }>>> = {
    stays: async () => ({ staysOnline: true, woken: true }),
    ill: () => Promise.reject(new Error("overloaded")),
    sleeps: async () => ({ staysOnline: false, woken: false }),
  };
  const gatekeeper = {
    toLookAt: async () => Object.keys(accounts),
    lookedAt: async (...args: readonly unknown[]) => void told.push(args),
  };
  const env = {
    GATEKEEPER: { idFromName: (name: string) => name, get: () => gatekeeper },
    ACCOUNT: { idFromName: (name: string) => name, get: (name: string) => ({ lookIn: accounts[name] }) },
  } as unknown as Env;
  assert.deepEqual(await lookAfter(env), { looked: 2, woken: 1 });
  const seen = [
    { name: "stays", staysOnline: true },
    { name: "sleeps", staysOnline: false },
  ];
  assert.deepEqual(told, [[["stays", "ill", "sleeps"], seen]]);
});

test("the gateway is woken with every round, and whoever relies on it is told how it stands", async () => {
  const standing = { jid: "push@example.org/x", since: 7 };
  const rounds: readonly (readonly [() => Promise<unknown>, unknown])[] = [
    [async () => ({ standing }), standing],
    [async () => ({ failure: { kind: "refused" } }), undefined],
    [() => Promise.reject(new Error("overloaded")), undefined],
  ];
  for (const [state, expected] of rounds) {
    const told: unknown[] = [];
    const env = {
      GATEWAY_ADDRESS: "push@example.org",
      GATEWAY_PASSWORD: "secret",
      GATEKEEPER: named({ toLookAt: async () => ["one"], lookedAt: async () => undefined }),
      GATEWAY: named({ state }),
      ACCOUNT: named({
        lookIn: async (gateway: unknown) => {
          told.push(gateway);
          return { staysOnline: true, woken: false };
        },
      }),
    } as unknown as Env;
    assert.deepEqual(await lookAfter(env), { looked: 1, woken: 0 });
    assert.deepEqual(told, [expected]);
  }
});

function named(object: unknown) {
  return { idFromName: (name: string) => name, get: () => object };
}

test("D5: the platform's timer is set, and the Worker answers it", async () => {
  const settings = await readFile(new URL("../wrangler.toml", import.meta.url).pathname, "utf8");
  const index = await readFile(new URL("index.ts", import.meta.url).pathname, "utf8");
  assert.match(settings, /\[triggers\]\ncrons = \["\*\/15 \* \* \* \*"\]/);
  assert.match(index, /scheduled: async \(_controller, env\) => \{\n {4}await lookAfter\(env\);/);
});
