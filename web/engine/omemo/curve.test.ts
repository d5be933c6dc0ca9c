import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AsyncCurve25519Wrapper } from "@privacyresearch/curve25519-typescript";
import { toHex } from "../../../worker/shared/hex.ts";
import { type Bytes, concat, fromHex, randomBytes } from "../bytes.ts";
import {
  clamp,
  curvesSupported,
  generateKeyPair,
  importScalar,
  importSeed,
  publicKeyOf,
  sharedSecret,
  sign,
  signatureValid,
} from "./curve.ts";
import { createIdentity, identityOf } from "./identity.ts";

/** The library's own compiled curve. */
const oracle = new AsyncCurve25519Wrapper();
const TYPE = Uint8Array.of(5);

describe("the native curve", () => {
  it("is supported here", async () => {
    assert.deepEqual(await curvesSupported(), { kind: "supported" });
  });

  it("agrees as in RFC 7748 §6.1", async () => {
    const bob = await importScalar(fromHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
    const bobPublic = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    const alicePublic = fromHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assert.equal(toHex(await publicKeyOf(bob)), `05${bobPublic}`);
    const secret = await sharedSecret(concat(TYPE, alicePublic), bob);
    assert.equal(toHex(secret), "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  });

  it("signs as in RFC 8032 §7.1, test 2", async () => {
    const seed = fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    assert.equal(
      toHex(await sign(await importSeed(seed), Uint8Array.of(0x72))),
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    );
  });

  it("agrees and signs as the library's own curve does", async () => {
    for (let round = 0; round < 8; round++) {
      const scalar = clamp(randomBytes(32));
      const theirs = await oracle.keyPair(scalar.slice().buffer);
      const handle = await importScalar(scalar);
      assert.equal(toHex(await publicKeyOf(handle)).slice(2), toHex(new Uint8Array(theirs.pubKey)));
      const other = await generateKeyPair();
      const expected = await oracle.sharedSecret(other.publicKey.slice(1).buffer, scalar.slice().buffer);
      assert.equal(toHex(await sharedSecret(other.publicKey, handle)), toHex(new Uint8Array(expected)));
      // Half of these identities have the sign bit 1, which rides in the signature.
      const message = randomBytes(33);
      const signature = new Uint8Array(await oracle.sign(scalar.slice().buffer, message.slice().buffer));
      const publicKey = concat(TYPE, new Uint8Array(theirs.pubKey));
      assert.equal(await signatureValid(publicKey, message, signature), true);
      assert.equal(await signatureValid(publicKey, flip(message, 3), signature), false);
      assert.equal(await signatureValid(publicKey, message, flip(signature, 5)), false);
      assert.equal(await signatureValid(publicKey, message, flip(signature, 63, 0x80)), false, "wrong sign bit");
    }
  });

  it("is understood by the library's own curve", async () => {
    for (let round = 0; round < 4; round++) {
      const identity = await createIdentity();
      const message = randomBytes(33);
      const signature = await sign(identity.signing, message);
      const u = identity.publicKey.slice(1).buffer;
      // The library answers true when a signature is invalid.
      assert.equal(await oracle.verify(u, message.buffer, signature.buffer), false);
      assert.equal((signature[63] ?? 0) >> 7, 0);
      assert.equal(await signatureValid(identity.publicKey, message, signature), true);
    }
  });

  it("makes both halves of an identity from one seed, as Signal does", async () => {
    // Made by python-cryptography: the X25519 public key of the first half of SHA-512 over the seed of RFC 8032 §7.1.
    const seed = fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    assert.equal(
      toHex((await identityOf(seed)).publicKey),
      "05d85e07ec22b0ad881537c2f44d662d1a143cf830c57aca4305d85c7a90f6b62e",
    );
  });

  it("makes no key that can be carried off", async () => {
    const { signing, agreement } = await createIdentity();
    const { privateKey } = await generateKeyPair();
    for (const key of [signing, agreement, privateKey]) {
      assert.equal(key.extractable, false);
      for (const format of ["pkcs8", "jwk", "raw"] as const) {
        await assert.rejects(crypto.subtle.exportKey(format, key), DOMException);
      }
    }
  });

  it("refuses a signature with S not reduced", async () => {
    const identity = await createIdentity();
    const message = randomBytes(33);
    const signature = await sign(identity.signing, message);
    assert.equal(await signatureValid(identity.publicKey, message, addOrder(signature)), false);
  });

  it("refuses points of low order", async () => {
    const { privateKey } = await generateKeyPair();
    for (const u of [
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ]) {
      await assert.rejects(sharedSecret(concat(TYPE, fromHex(u)), privateKey), RangeError);
    }
  });
});

function flip(bytes: Bytes, at: number, mask = 1): Bytes {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ mask;
  return changed;
}

function addOrder(signature: Bytes): Bytes {
  const order = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  const changed = signature.slice();
  let carry = 0;
  for (let at = 0; at < 32; at++) {
    const sum = (changed[32 + at] ?? 0) + (order[at] ?? 0) + carry;
    changed[32 + at] = sum & 0xff;
    carry = sum >> 8;
  }
  return changed;
}
