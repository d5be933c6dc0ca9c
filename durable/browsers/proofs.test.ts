import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { BrowserId } from "../../worker/contract/names.ts";
import { toBase64 } from "../../worker/shared/base64.ts";
import { newNonce, type Proof, PROOF_KEY, readProof, writeProof } from "../../worker/shared/proof.ts";
import { importSigningKey, Proofs } from "./proofs.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const MINUTE_MS = 60_000;
const BROWSER = "6f1c1a0e-6a52-4a4e-9f7e-0d4d5b2c9a11" as BrowserId;
const TARGET = "POST /api/call/revoke";
const BODY = '{"browser":"others"}';

let pair: CryptoKeyPair;
let key: string;

before(async () => {
  pair = (await crypto.subtle.generateKey(PROOF_KEY, false, ["sign", "verify"])) as CryptoKeyPair;
  key = toBase64((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer);
});

const written = (at = NOW, target = TARGET, body = BODY) => writeProof(pair.privateKey, newNonce(at), target, body);
const shown = async (text: string, target = TARGET, body = BODY): Promise<Proof> => {
  const proof = await readProof(text, target, body);
  assert.ok(proof);
  return proof;
};

test("S9: a request that the browser's key has signed just now holds, once", async () => {
  const proofs = new Proofs();
  const proof = await shown(await written());
  assert.equal(await proofs.holds(BROWSER, key, proof, NOW), true);
  assert.equal(await proofs.holds(BROWSER, key, proof, NOW), false, "the same again");
  assert.equal(await proofs.holds(BROWSER, key, await shown(await written()), NOW), true, "another one");
});

test("S9: twice at the same moment is once", async () => {
  const proofs = new Proofs();
  const proof = await shown(await written());
  const both = await Promise.all([proofs.holds(BROWSER, key, proof, NOW), proofs.holds(BROWSER, key, proof, NOW)]);
  assert.deepEqual(both.toSorted(), [false, true]);
});

for (const [what, proof] of [
  ["no proof at all", async () => undefined],
  ["another call", async () => shown(await written(NOW, "POST /api/call/unlock"))],
  ["other arguments", async () => shown(await written(NOW, TARGET, '{"browser":"x"}'))],
  ["six minutes ago", async () => shown(await written(NOW - 6 * MINUTE_MS))],
  ["in six minutes", async () => shown(await written(NOW + 6 * MINUTE_MS))],
  ["another time than was signed", async () => ({ ...(await shown(await written())), nonce: newNonce(NOW) })],
  ["a signature of zeros", async () => ({ ...(await shown(await written())), signature: "A".repeat(86) })],
] as const) {
  test(`S9: what was signed is this very request: ${what} does not hold`, async () => {
    assert.equal(await new Proofs().holds(BROWSER, key, await proof(), NOW), false);
  });
}

test("S9: another browser's key does not hold", async () => {
  const other = (await crypto.subtle.generateKey(PROOF_KEY, false, ["sign", "verify"])) as CryptoKeyPair;
  const text = await writeProof(other.privateKey, newNonce(NOW), TARGET, BODY);
  assert.equal(await new Proofs().holds(BROWSER, key, await shown(text), NOW), false);
});

test("S9: what is not written like a proof is none", async () => {
  const text = await written();
  for (const wrong of ["", "x", text.slice(1), `${text}A`, text.replace(".", ""), text.replace(/^\d/, "-")]) {
    assert.equal(await readProof(wrong, TARGET, BODY), undefined, wrong);
  }
});

test("S9: 65 bytes that are no point of the curve are no key", async () => {
  assert.equal(await importSigningKey(toBase64(new Uint8Array(65).fill(4))), undefined);
  assert.equal(await importSigningKey(toBase64(new Uint8Array(64))), undefined);
  assert.ok(await importSigningKey(key));
});
