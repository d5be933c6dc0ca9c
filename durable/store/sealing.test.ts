import assert from "node:assert/strict";
import { test } from "node:test";
import { newSealingKey, newSessionSecret, seal, unseal, unwrap, wrapFor } from "./sealing.ts";
import type { ScramKeys } from "../link/sasl/credentials.ts";

const keys: ScramKeys = {
  kind: "scram",
  mechanism: "SCRAM-SHA-1",
  salt: "c2FsdA==",
  iterations: 4096,
  clientKey: "Y2xpZW50LWtleS1jYW5hcnk=",
  serverKey: "c2VydmVyLWtleS1jYW5hcnk=",
};

test("a browser's secret opens what was sealed for it while it was away", async () => {
  const browser = await newSessionSecret();
  const sealingKey = newSealingKey();
  const sealed = await seal(keys, sealingKey);
  const wrapped = await wrapFor(browser.publicKey, sealingKey);
  const opened = await unwrap(wrapped, browser.secret);
  assert.ok(opened);
  assert.deepEqual(await unseal(sealed, opened), keys);
});

test("another browser's secret opens nothing", async () => {
  const [one, other] = [await newSessionSecret(), await newSessionSecret()];
  const wrapped = await wrapFor(one.publicKey, newSealingKey());
  assert.equal(await unwrap(wrapped, other.secret), undefined);
});

test("an older sealing key does not open what a later sign-in sealed", async () => {
  const sealed = await seal(keys, newSealingKey());
  assert.equal(await unseal(sealed, newSealingKey()), undefined);
});

test("what is stored holds neither the keys nor the secret", async () => {
  const browser = await newSessionSecret();
  const sealingKey = newSealingKey();
  const stored = JSON.stringify([
    await seal(keys, sealingKey),
    await wrapFor(browser.publicKey, sealingKey),
    browser.hash,
    browser.publicKey,
  ]);
  for (const canary of [
    keys.clientKey,
    "client-key-canary",
    browser.secret,
    btoa(String.fromCharCode(...sealingKey)),
  ]) {
    assert.ok(!stored.includes(canary), "a copy of the storage must not sign in");
  }
});
