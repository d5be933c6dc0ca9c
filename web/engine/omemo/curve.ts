/**
 * Curve25519 by the browser itself: X25519 (RFC 7748) for agreements, Ed25519 (RFC 8032) for signatures. A private key is
 * a handle of the browser that cannot be exported, so a script that can do everything here still carries none away.
 * Public keys on the wire are 33 bytes: 0x05 and the u-coordinate.
 */
import { type Bytes, concat, fromHex, sameBytes } from "../bytes.ts";
import { storedAndRead } from "../store/key-keeping.ts";
import { edwardsKey, scalarReduced } from "./edwards.ts";

const KEY_BITS = 256;
const DJB_TYPE = 0x05;
const SIGNATURE_BYTES = 64;
/** PKCS #8 headers of RFC 8410 §7 in front of the 32 bytes. */
const X25519_PKCS8 = fromHex("302e020100300506032b656e04220420");
const ED25519_PKCS8 = fromHex("302e020100300506032b657004220420");
/** Imported public keys kept: a ratchet step uses the same one twice, the start of a session up to three times. */
const PUBLIC_KEYS = 64;

/** `publicKey` is 33 bytes as on the wire, `privateKey` a handle that agrees (`deriveBits`) and cannot be exported. */
export type KeyPair = { readonly publicKey: Bytes; readonly privateKey: CryptoKey };

/**
 * Whether this browser knows both curves and keeps their keys; they are stored and read, for what can be made is not always
 * kept. `unsupported`: it does not know them. `not-kept`: what it gives back is no key, as in some private windows.
 */
export async function curvesSupported(): Promise<{ readonly kind: "supported" | "unsupported" | "not-kept" }> {
  try {
    const { publicKey, privateKey } = await generateKeyPair();
    const signing = (await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"])) as CryptoKeyPair;
    const [agrees, signs] = (await storedAndRead([privateKey, signing.privateKey])) ?? [];
    if (agrees === undefined || signs === undefined) return { kind: "not-kept" };
    // The keys that came back are the keys that were stored.
    const message = untyped(publicKey);
    const signature = await sign(signs, message);
    const valid = await crypto.subtle.verify({ name: "Ed25519" }, signing.publicKey, signature, message);
    return { kind: valid && sameBytes(await publicKeyOf(agrees), publicKey) ? "supported" : "not-kept" };
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return { kind: "unsupported" };
    throw error;
  }
}

/** A new X25519 key pair whose private half never was outside the browser's own cryptography. */
export async function generateKeyPair(): Promise<KeyPair> {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
  const u = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { publicKey: typed(u), privateKey: pair.privateKey };
}

/** A handle of a scalar that exists as bytes. The caller lets go of the bytes. */
export async function importScalar(scalar: Bytes): Promise<CryptoKey> {
  return importPrivate(X25519_PKCS8, scalar, { name: "X25519" }, "deriveBits");
}

/** A signing handle of an Ed25519 seed that exists as bytes. The caller lets go of the bytes. */
export async function importSeed(seed: Bytes): Promise<CryptoKey> {
  return importPrivate(ED25519_PKCS8, seed, { name: "Ed25519" }, "sign");
}

/** The public key (33 bytes) of a handle: the agreement with the base point (RFC 7748 §6.1). */
export async function publicKeyOf(privateKey: CryptoKey): Promise<Bytes> {
  return typed(await agree(await basePoint(), privateKey));
}

/**
 * The X25519 agreement, 32 bytes. Throws a RangeError for a point of low order (all-zero result, RFC 7748 §6.1):
 * such a message or bundle must be refused before anything is stored.
 */
export async function sharedSecret(publicKey: Bytes, privateKey: CryptoKey): Promise<Bytes> {
  try {
    const secret = await agree(await importPublic(untyped(publicKey)), privateKey);
    if (secret.some((byte) => byte !== 0)) return secret;
  } catch (error) {
    // Chromium and Node refuse the all-zero agreement (OperationError), Firefox already the key (DataError).
    if (!(error instanceof DOMException)) throw error;
  }
  throw new RangeError("public key of low order");
}

/** Signs with a handle of `importSeed`, 64 bytes (RFC 8032). */
export async function sign(signingKey: CryptoKey, message: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, signingKey, message));
}

/**
 * Whether a signature in the form of legacy OMEMO (XEdDSA-like: an Ed25519 signature whose last bit carries the sign of
 * the public key) is valid under a Curve25519 public key.
 */
export async function signatureValid(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const signBit = (signature[63] ?? 0) >> 7;
  const plain = signature.slice();
  plain[63] = (plain[63] ?? 0) & 0x7f;
  const edwards = edwardsKey(untyped(publicKey), signBit);
  return edwards !== undefined && edwardsSignatureValid(edwards, message, plain);
}

/** Whether an Ed25519 signature is valid under an Ed25519 public key (32 bytes). S must be reduced (RFC 8032 §5.1.7). */
export async function edwardsSignatureValid(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES || !scalarReduced(signature)) return false;
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
  } catch (error) {
    // A y that is on no point may be refused at the import already.
    if (error instanceof DOMException) return false;
    throw error;
  }
}

/** RFC 7748 §5: the scalar as every implementation uses it. */
export function clamp(scalar: Bytes): Bytes {
  const clamped = scalar.slice(0, 32);
  clamped[0] = (clamped[0] ?? 0) & 248;
  clamped[31] = ((clamped[31] ?? 0) & 127) | 64;
  return clamped;
}

/** 33 bytes with the key type in front. */
function typed(u: Bytes): Bytes {
  return concat(Uint8Array.of(DJB_TYPE), u);
}

function untyped(publicKey: Bytes): Bytes {
  return publicKey.length === 33 ? publicKey.slice(1) : publicKey;
}

async function importPrivate(
  header: Bytes,
  secret: Bytes,
  algorithm: { readonly name: string },
  usage: "deriveBits" | "sign",
): Promise<CryptoKey> {
  const encoded = concat(header, secret);
  try {
    return await crypto.subtle.importKey("pkcs8", encoded, algorithm, false, [usage]);
  } finally {
    encoded.fill(0);
  }
}

const publicKeys = new Map<string, Promise<CryptoKey>>();

function importPublic(u: Bytes): Promise<CryptoKey> {
  const name = u.join();
  const known = publicKeys.get(name);
  if (known !== undefined) return known;
  const key = crypto.subtle.importKey("raw", u, { name: "X25519" }, false, []);
  publicKeys.set(name, key);
  // A key that cannot be imported is the caller's failure each time it is tried.
  key.catch(() => publicKeys.delete(name));
  for (const oldest of publicKeys.keys()) {
    if (publicKeys.size <= PUBLIC_KEYS) break;
    publicKeys.delete(oldest);
  }
  return key;
}

let base: Promise<CryptoKey> | undefined;

function basePoint(): Promise<CryptoKey> {
  base ??= crypto.subtle.importKey(
    "raw",
    Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 9 : 0)),
    { name: "X25519" },
    false,
    [],
  );
  return base;
}

async function agree(publicKey: CryptoKey, privateKey: CryptoKey): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: publicKey }, privateKey, KEY_BITS));
}
