import assert from "node:assert/strict";
import { timingSafeEqual } from "node:crypto";
import { test } from "node:test";
import type { BareJid, Base64, BrowserId } from "../../worker/contract/names.ts";
import { toBase64 } from "../../worker/shared/base64.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { newNonce, PROOF_KEY, readProof, writeProof } from "../../worker/shared/proof.ts";
import type { Connection } from "../connection/connection.ts";
import type { SignInKeys } from "../store/sign-in-keys.ts";
import type { SignInRequest } from "./keyring.ts";
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

/** An account whose server takes every password, with so many browsers. */
function crowded(browsers: number) {
  const stores = storesOf("alice@a.example" as BareJid);
  const secret = { secret: "", hash: "AAAA" as Base64, publicKey: "AAAA" as Base64 };
  for (let count = 0; count < browsers; count += 1) {
    const id = crypto.randomUUID() as BrowserId;
    stores.browsers.signIn(id, { name: "Chrome", kind: "computer" }, secret, Date.now());
  }
  let kept = 0;
  const keys = {
    keep: async () => {
      kept += 1;
    },
  };
  const proof = { ok: true, value: { keys: {}, mechanism: "SCRAM-SHA-256" } };
  const connection = { signIn: async () => proof };
  const keyring = new Keyring(stores, keys as unknown as SignInKeys, connection as unknown as Connection);
  return { stores, keyring, kept: () => kept };
}

const REQUEST = { account: "alice@a.example", name: "Firefox", kind: "computer" } as unknown as SignInRequest;

test("two that sign in at once do not exceed the number of browsers", async () => {
  const { stores, keyring, kept } = crowded(LIMITS.browsers - 1);
  const answers = await Promise.all([1, 2, 3].map(() => keyring.signIn(REQUEST)));
  const failures = answers.flatMap((answer) => (answer.ok ? [] : [answer.error.kind]));
  assert.deepEqual(failures, ["too-many-browsers", "too-many-browsers"]);
  assert.equal(stores.browsers.all().length, LIMITS.browsers);
  assert.equal(kept(), 3, "the server's token is another one each time");
});

test("S4: a browser that is revoked while it signs in is not let in", async ({ mock }) => {
  const { stores, keyring } = crowded(1);
  const [browser] = stores.browsers.all().map(({ id }) => id);
  const digest = crypto.subtle.digest.bind(crypto.subtle);
  mock.method(crypto.subtle, "digest", async (...args: Parameters<typeof digest>) => {
    stores.browsers.revoke(browser ?? ID, Date.now());
    return digest(...args);
  });
  const answer = await keyring.signIn({ ...REQUEST, browser: browser ?? ID });
  assert.equal(answer.ok ? "let in" : answer.error.kind, "revoked");
});

test("S4: of two browsers that sign each other out at once one stays", async () => {
  const { stores, keyring } = crowded(2);
  const [one, other] = stores.browsers.all();
  assert.ok(one && other);
  const answers = await Promise.all([keyring.revoke(one, other.id), keyring.revoke(other, one.id)]);
  assert.deepEqual(answers, [[other], "revoked"]);
  assert.deepEqual(
    stores.browsers.all().map(({ id }) => id),
    [one.id],
  );
  const both = crowded(2);
  const [first, second] = both.stores.browsers.all();
  assert.ok(first && second);
  await Promise.all([both.keyring.revoke(first, "others"), both.keyring.revoke(second, "others")]);
  assert.deepEqual(
    both.stores.browsers.all().map(({ id }) => id),
    [first.id],
  );
});
