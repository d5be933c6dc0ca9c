/**
 * Sign-in data at rest. What is kept (a token, or SCRAM client and server key; never the password) is encrypted under a
 * random key, and that key is wrapped to a public key of each browser, derived from the session secret in its cookie. So a
 * copy of this storage does not sign in, a fresh sign-in serves browsers that are away, and any browser that comes back can
 * open it. The object holds the key in memory only.
 */
import type { Base64 } from "../../worker/contract/names.ts";
import type { Keys } from "../link/sasl/credentials.ts";
import { fromBase64Url, knownBase64, toBase64, toBase64Url } from "../../worker/shared/base64.ts";

/** AES-256-GCM: 12-byte IV, ciphertext with tag. */
export type SealedCredentials = { readonly iv: Base64; readonly data: Base64 };
/** ECIES over X25519: the ephemeral public key, then as above. */
export type WrappedKey = SealedCredentials & { readonly ephemeral: Base64 };

export type SessionSecret = { readonly secret: string; readonly hash: Base64; readonly publicKey: Base64 };

const SECRET_BYTES = 32;
const IV_BYTES = 12;
const PKCS8_X25519 = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
]);
const text = new TextEncoder();

/** A new browser's secret (base64url, for its cookie) with the hash and the public key that are kept of it. */
export async function newSessionSecret(): Promise<SessionSecret> {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const secret = toBase64Url(bytes);
  const { publicKey } = await keyPairOf(secret);
  return { secret, hash: await hashSecret(secret), publicKey };
}

/** What is kept of a session secret, to recognise it. */
export async function hashSecret(secret: string): Promise<Base64> {
  return toBase64(await crypto.subtle.digest("SHA-256", text.encode(`alcove session ${secret}`)));
}

/** A fresh key for sealing; raw, because it must be wrapped for each browser. */
export function newSealingKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/** AES-256-GCM under `sealingKey` (32 bytes). */
export async function seal(keys: Keys, sealingKey: Uint8Array): Promise<SealedCredentials> {
  return encrypt(await aesKey(sealingKey), text.encode(JSON.stringify(keys)));
}

/** Undefined where the key does not fit: a sign-in since then has sealed anew. */
export async function unseal(sealed: SealedCredentials, sealingKey: Uint8Array): Promise<Keys | undefined> {
  const bytes = await decrypt(await aesKey(sealingKey), sealed);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Keys);
}

/**
 * The sealing key for one browser: ECIES over X25519, HKDF-SHA-256 and AES-256-GCM. `publicKey`: the browser's, 32
 * bytes.
 */
export async function wrapFor(publicKey: Base64, sealingKey: Uint8Array): Promise<WrappedKey> {
  const ephemeral = (await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"])) as CryptoKeyPair;
  const ephemeralPublic = toBase64((await crypto.subtle.exportKey("raw", ephemeral.publicKey)) as ArrayBuffer);
  const shared = await agree(ephemeral.privateKey, publicKey);
  const box = await encrypt(await wrappingKey(shared, ephemeralPublic, publicKey), sealingKey);
  return { ...box, ephemeral: ephemeralPublic };
}

/** The sealing key, with the secret of the browser it was wrapped for; undefined for any other secret. */
export async function unwrap(wrapped: WrappedKey, secret: string): Promise<Uint8Array | undefined> {
  const own = await keyPairOf(secret);
  const shared = await agree(own.privateKey, wrapped.ephemeral);
  return decrypt(await wrappingKey(shared, wrapped.ephemeral, own.publicKey), wrapped);
}

async function keyPairOf(secret: string): Promise<{ privateKey: CryptoKey; publicKey: Base64 }> {
  const seed = await derive(text.encode(secret), "alcove session key", "");
  const pkcs8 = new Uint8Array([...PKCS8_X25519, ...new Uint8Array(seed)]);
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "X25519" }, true, ["deriveBits"]);
  const { x } = (await crypto.subtle.exportKey("jwk", privateKey)) as JsonWebKey;
  if (x === undefined) throw new Error("the platform exported an X25519 key without its public half");
  return { privateKey, publicKey: toBase64(fromBase64Url(x)) };
}

async function agree(privateKey: CryptoKey, publicKey: Base64): Promise<ArrayBuffer> {
  const peer = await crypto.subtle.importKey("raw", knownBase64(publicKey), { name: "X25519" }, false, []);
  // The runtime reads `public`; its type declarations spell it `$public`.
  const algorithm = { name: "X25519", public: peer } as unknown as SubtleCryptoDeriveKeyAlgorithm;
  return crypto.subtle.deriveBits(algorithm, privateKey, 256);
}

async function wrappingKey(shared: ArrayBuffer, ephemeral: Base64, recipient: Base64): Promise<CryptoKey> {
  return aesKey(new Uint8Array(await derive(new Uint8Array(shared), "alcove wrapped key", ephemeral + recipient)));
}

async function derive(secret: Uint8Array, purpose: string, context: string): Promise<ArrayBuffer> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: text.encode(context), info: text.encode(purpose) };
  return crypto.subtle.deriveBits(algorithm, key, 256);
}

async function aesKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);
}

async function encrypt(key: CryptoKey, data: Uint8Array): Promise<SealedCredentials> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  return { iv: toBase64(iv), data: toBase64(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, data)) };
}

async function decrypt(key: CryptoKey, box: SealedCredentials): Promise<Uint8Array | undefined> {
  try {
    const data = await crypto.subtle.decrypt({ name: "AES-GCM", iv: knownBase64(box.iv) }, key, knownBase64(box.data));
    return new Uint8Array(data);
  } catch {
    // AES-GCM has one way to say no: the key does not belong to the box.
    return undefined;
  }
}

/** Whether two hashes of secrets are the same, in a time that does not tell how far. */
export function isSameHash(hash: Base64, other: Base64): boolean {
  const bytes = new TextEncoder();
  return crypto.subtle.timingSafeEqual(bytes.encode(hash), bytes.encode(other));
}
