import assert from "node:assert/strict";
import { timingSafeEqual } from "node:crypto";
import { test } from "node:test";
import type { BareJid, BrowserId } from "../../worker/contract/names.ts";
import { toBase64 } from "../../worker/shared/base64.ts";
import { newNonce, PROOF_KEY, readProof, writeProof } from "../../worker/shared/proof.ts";
import type { Connection } from "../connection/connection.ts";
import type { SignInKeys } from "../store/sign-in-keys.ts";
import { storesOf } from "../testing/stores.ts";

// After the hook that loads `.sql` files.
const { Keyring } = await import("./keyring.ts");
const { newSessionSecret } = await import("../store/sealing.ts");

const ID = "6f1c1a0e-6a52-4a4e-9f7e-0d4d5b2c9a11" as BrowserId;
const TARGET = "GET /api/live?since=0";
// The platform's WebCrypto has it, Node's has not.
Object.assign(crypto.subtle, { timingSafeEqual });

/** An account with one browser that signs what it asks, and a request of it. */
async function scene() {
  const stores = storesOf("alice@a.example" as BareJid);
  const pair = (await crypto.subtle.generateKey(PROOF_KEY, false, ["sign", "verify"])) as CryptoKeyPair;
  const key = toBase64((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer);
  const secret = await newSessionSecret();
  stores.browsers.signIn(ID, { name: "Chrome", kind: "computer", key }, secret, Date.now());
  const keyring = new Keyring(stores, {} as unknown as SignInKeys, { live: true } as unknown as Connection);
  const written = await writeProof(pair.privateKey, newNonce(Date.now()), TARGET, "");
  const presented = { browser: ID, secret: secret.secret, proof: await readProof(written, TARGET, "") };
  return { stores, keyring, presented };
}

test("S4: a browser that is signed out while its proof is looked at is not let in", async ({ mock }) => {
  const meanwhile: readonly [string, (stores: ReturnType<typeof storesOf>) => void, string | undefined][] = [
    ["revoked", ({ browsers }) => browsers.revoke(ID, Date.now()), "revoked"],
    ["signed out", ({ browsers }) => browsers.signOut(ID), undefined],
  ];
  for (const [what, happens, expected] of meanwhile) {
    const { stores, keyring, presented } = await scene();
    const verify = crypto.subtle.verify.bind(crypto.subtle);
    const looking = mock.method(crypto.subtle, "verify", async (...args: Parameters<typeof verify>) => {
      const holds = await verify(...args);
      happens(stores);
      return holds;
    });
    assert.equal(await keyring.enter(presented), expected, what);
    looking.mock.restore();
  }
});

test("S9: one that nothing happened to is let in, once for each request", async () => {
  const { keyring, presented } = await scene();
  const entered = await keyring.enter(presented);
  assert.equal(typeof entered === "object" && entered.id, ID);
  assert.equal(await keyring.enter(presented), "not-proven");
  assert.equal(await keyring.enter({ ...presented, secret: "another" }), undefined);
});
