/**
 * An OMEMO device of this browser: id, identity, signed pre-key, pre-keys. The identity is made seed-first with the
 * sign bit of its Ed25519 key 0, so that a plain Ed25519 signature is valid for legacy OMEMO and for OMEMO 2, and the
 * keys can become non-extractable handles later without a new identity.
 */
import type { DeviceId, OmemoBundle } from "../../../worker/contract.ts";
import { type Bytes, fromBase64Url, randomBytes, toBase64, toHex } from "../bytes.ts";
import { clamp, generateKeyPair, publicKeyOf, signWithSeed } from "./curve.ts";

/** Published with every bundle; refilled to this after use (XEP-0384 §4.6 asks for 100, never below 20). */
export const PRE_KEYS = 100;

/** `seed` is the Ed25519 seed, `scalar` SHA-512(seed)[0..32] clamped, `publicKey` 33 bytes (0x05 and u). */
export type IdentityKeys = { readonly seed: Bytes; readonly scalar: Bytes; readonly publicKey: Bytes };

export type PreKey = { readonly id: number; readonly publicKey: Bytes; readonly privateKey: Bytes };

export type SignedPreKey = PreKey & { readonly signature: Bytes };

export type DeviceKeys = {
  readonly device: DeviceId;
  readonly identity: IdentityKeys;
  readonly signedPreKey: SignedPreKey;
  readonly preKeys: readonly PreKey[];
};

/** Everything a new device needs, made at once. Nothing is stored yet. */
export async function createDevice(): Promise<DeviceKeys> {
  const [identity, preKeys] = await Promise.all([createIdentity(), createPreKeys(1, PRE_KEYS)]);
  return { device: randomDeviceId(), identity, signedPreKey: await createSignedPreKey(identity, 1), preKeys };
}

/** Draws Ed25519 keys until the public sign bit is 0 (two tries on average). */
export async function createIdentity(): Promise<IdentityKeys> {
  for (;;) {
    const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
    const { d = "", x = "" } = await crypto.subtle.exportKey("jwk", pair.privateKey);
    if (((fromBase64Url(x)[31] ?? 0) & 0x80) !== 0) continue;
    const seed = fromBase64Url(d);
    const scalar = clamp(new Uint8Array(await crypto.subtle.digest("SHA-512", seed)));
    return { seed, scalar, publicKey: await publicKeyOf(scalar) };
  }
}

/** `count` pre-keys with ids from `first` on. Ids only grow: an id is never used for two keys. */
export function createPreKeys(first: number, count: number): Promise<readonly PreKey[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, at) => ({ id: first + at, ...(await generateKeyPair()) })),
  );
}

/** A pre-key signed over its 33 bytes, as legacy OMEMO has it. */
export async function createSignedPreKey(identity: IdentityKeys, id: number): Promise<SignedPreKey> {
  const pair = await generateKeyPair();
  return { id, ...pair, signature: await signWithSeed(identity.seed, pair.publicKey) };
}

/** 1 … 2^31 − 1 (XEP-0384 §4.1). */
export function randomDeviceId(): DeviceId {
  for (;;) {
    const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
    const id = drawn & 0x7fffffff;
    if (id !== 0) return id as DeviceId;
  }
}

/** What others fetch to write to this device. */
export function bundleOf(
  identity: Pick<IdentityKeys, "publicKey">,
  signedPreKey: SignedPreKey,
  preKeys: readonly PreKey[],
): OmemoBundle {
  return {
    identityKey: toBase64(identity.publicKey),
    signedPreKey: {
      id: signedPreKey.id,
      key: toBase64(signedPreKey.publicKey),
      signature: toBase64(signedPreKey.signature),
    },
    preKeys: preKeys.map(({ id, publicKey }) => ({ id, key: toBase64(publicKey) })),
  };
}

/** 64 lower-case hex digits of the u-coordinate, the same in every OMEMO client. */
export function fingerprintOf(identityKey: Bytes): string {
  return toHex(identityKey.slice(identityKey.length - 32));
}

/** 16 random bytes, the content of a key transport. */
export function transportKey(): Bytes {
  return randomBytes(16);
}
