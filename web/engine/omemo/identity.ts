/**
 * An OMEMO device of this browser: id, identity, signed pre-key, pre-keys. The identity is made seed-first with the
 * sign bit of its Ed25519 key 0, so that a plain Ed25519 signature is valid for legacy OMEMO and for OMEMO 2, and both
 * halves can be handles: no step needs the scalar as bytes again.
 */
import type { DeviceId } from "../../../worker/contract/names.ts";
import { OMEMO_ID_MAX, type OmemoBundle } from "../../../worker/contract/omemo.ts";
import { toBase64 } from "../../../worker/shared/base64.ts";
import { type Bytes, randomBytes } from "../bytes.ts";
import type { IdentityKeys, PreKey, SignedPreKey } from "../store/device-rows.ts";
import { PRE_KEYS } from "./used-pre-keys.ts";
import { clamp, generateKeyPair, importScalar, importSeed, publicKeyOf, sign, signatureValid } from "./curve.ts";

const SEED_BYTES = 32;

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

/** Draws seeds until the sign bit of the public Ed25519 key is 0 (two tries on average). */
export async function createIdentity(): Promise<IdentityKeys> {
  for (;;) {
    const seed = randomBytes(SEED_BYTES);
    try {
      const identity = await identityOf(seed);
      if (await hasSignZero(identity)) return identity;
    } finally {
      seed.fill(0);
    }
  }
}

/** The identity of a seed. The caller lets go of the seed. */
export async function identityOf(seed: Bytes): Promise<IdentityKeys> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", seed));
  const scalar = clamp(digest);
  try {
    const [signing, agreement] = await Promise.all([importSeed(seed), importScalar(scalar)]);
    return { signing, agreement, publicKey: await publicKeyOf(agreement) };
  } finally {
    digest.fill(0);
    scalar.fill(0);
  }
}

/** A handle does not tell its Ed25519 public key, but only under the right sign its signatures are valid. */
async function hasSignZero({ signing, publicKey }: IdentityKeys): Promise<boolean> {
  return signatureValid(publicKey, publicKey, await sign(signing, publicKey));
}

/** `count` pre-keys with ids from `first` on. Ids only grow: an id is never used for two keys. */
export function createPreKeys(first: number, count: number): Promise<readonly PreKey[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, at) => ({ id: first + at, ...(await generateKeyPair()) })),
  );
}

/** A pre-key signed over its 33 bytes, as legacy OMEMO has it. */
export async function createSignedPreKey(identity: Pick<IdentityKeys, "signing">, id: number): Promise<SignedPreKey> {
  const pair = await generateKeyPair();
  return { id, ...pair, signature: await sign(identity.signing, pair.publicKey) };
}

/** 1 … 2^31 − 1 (XEP-0384 §4.1). */
export function randomDeviceId(): DeviceId {
  for (;;) {
    const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
    const id = drawn & OMEMO_ID_MAX;
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
