/**
 * Curve25519 by the browser itself: X25519 (RFC 7748) for agreements, Ed25519 (RFC 8032) for signatures. Plugged into
 * the ratchet library through its public `setCurve`, so that neither its compiled curve nor its WebCrypto stand-in is
 * needed. Keys on the wire are 33 bytes: 0x05 and the u-coordinate.
 */
import { setCurve } from "@privacyresearch/libsignal-protocol-typescript";
import { type Bytes, concat, fromBase64Url, fromHex } from "../bytes.ts";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const KEY_BITS = 256;
const DJB_TYPE = 0x05;
/** PKCS #8 headers of RFC 8410 §7 in front of the 32 bytes. */
const X25519_PKCS8 = fromHex("302e020100300506032b656e04220420");
const ED25519_PKCS8 = fromHex("302e020100300506032b657004220420");
/** Imported handles kept: own identity, signed pre-key and the current ratchet keys of busy sessions. */
const HANDLES = 64;

/** `publicKey` is 33 bytes as on the wire, `privateKey` the 32-byte scalar. */
export type KeyPair = { readonly publicKey: Bytes; readonly privateKey: Bytes };

/** Whether this browser knows both curves. Where it does not, the account works without encryption and says so. */
export async function curvesSupported(): Promise<{ readonly kind: "supported" } | { readonly kind: "unsupported" }> {
  try {
    await generateKeyPair();
    await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    return { kind: "supported" };
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return { kind: "unsupported" };
    throw error;
  }
}

/** A new X25519 key pair. */
export async function generateKeyPair(): Promise<KeyPair> {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"])) as CryptoKeyPair;
  const { d = "", x = "" } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { publicKey: typed(fromBase64Url(x)), privateKey: fromBase64Url(d) };
}

/** The public key (33 bytes) of a scalar: the agreement with the base point (RFC 7748 §6.1). */
export async function publicKeyOf(scalar: Bytes): Promise<Bytes> {
  return typed(await agree(await basePoint(), scalar));
}

/**
 * The X25519 agreement, 32 bytes. Throws a RangeError for a point of low order (all-zero result, RFC 7748 §6.1):
 * such a message or bundle must be refused before anything is stored.
 */
export async function sharedSecret(publicKey: Bytes, scalar: Bytes): Promise<Bytes> {
  const secret = await agree(await importPublic(untyped(publicKey)), scalar);
  if (secret.every((byte) => byte === 0)) throw new RangeError("public key of low order");
  return secret;
}

/**
 * Whether a signature in the form of legacy OMEMO (XEdDSA-like: an Ed25519 signature whose last bit carries the sign of
 * the public key) is valid under a Curve25519 public key. Non-canonical S is refused (RFC 8032 §5.1.7).
 */
export async function signatureValid(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (signature.length !== 64) return false;
  const sign = (signature[63] ?? 0) >> 7;
  const plain = signature.slice();
  plain[63] = (plain[63] ?? 0) & 0x7f;
  if (littleEndian(plain.subarray(32)) >= L) return false;
  const edwards = edwardsKey(untyped(publicKey), sign);
  if (edwards === undefined) return false;
  try {
    const key = await crypto.subtle.importKey("raw", edwards, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, plain, message);
  } catch (error) {
    // A y that is on no point may be refused at the import already.
    if (error instanceof DOMException) return false;
    throw error;
  }
}

/** Signs with an Ed25519 seed (RFC 8032), 64 bytes. */
export async function signWithSeed(seed: Bytes, message: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey("pkcs8", concat(ED25519_PKCS8, seed), { name: "Ed25519" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, key, message));
}

/** Puts this curve under the ratchet library. Its `verify` answers true when the signature is INVALID. */
export function installCurve(): void {
  setCurve({
    async keyPair(privateKey: ArrayBuffer) {
      const scalar = clamp(new Uint8Array(privateKey));
      const publicKey = await publicKeyOf(scalar);
      return { pubKey: publicKey.slice(1).buffer, privKey: scalar.buffer };
    },
    async sharedSecret(publicKey: ArrayBuffer, privateKey: ArrayBuffer) {
      return (await sharedSecret(new Uint8Array(publicKey), new Uint8Array(privateKey))).buffer;
    },
    async sign() {
      throw new TypeError("identities sign with their seed, not through the library");
    },
    async verify(publicKey: ArrayBuffer, message: ArrayBuffer, signature: ArrayBuffer) {
      return !(await signatureValid(new Uint8Array(publicKey), new Uint8Array(message), new Uint8Array(signature)));
    },
  } as unknown as Parameters<typeof setCurve>[0]);
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

const handles = new Map<string, CryptoKey>();

/** The native handle of a scalar; the same few keys are used again and again, importing one costs as much as using it. */
async function importScalar(scalar: Bytes): Promise<CryptoKey> {
  const name = scalar.join();
  const known = handles.get(name);
  if (known !== undefined) return known;
  const key = await crypto.subtle.importKey("pkcs8", concat(X25519_PKCS8, scalar), { name: "X25519" }, false, [
    "deriveBits",
  ]);
  handles.set(name, key);
  for (const oldest of handles.keys()) {
    if (handles.size <= HANDLES) break;
    handles.delete(oldest);
  }
  return key;
}

function importPublic(u: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", u, { name: "X25519" }, false, []);
}

let base: Promise<CryptoKey> | undefined;

function basePoint(): Promise<CryptoKey> {
  base ??= importPublic(Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 9 : 0)));
  return base;
}

async function agree(publicKey: CryptoKey, scalar: Bytes): Promise<Bytes> {
  const key = await importScalar(scalar);
  try {
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: publicKey }, key, KEY_BITS));
  } catch (error) {
    // WebCrypto itself refuses an all-zero agreement with an OperationError.
    if (error instanceof DOMException && error.name === "OperationError")
      throw new RangeError("public key of low order");
    throw error;
  }
}

/** u to y = (u − 1)/(u + 1) with the given sign; undefined for the one u that has no y. */
function edwardsKey(u: Bytes, sign: number): Bytes | undefined {
  const value = littleEndian(u) & ((1n << 255n) - 1n);
  if ((value + 1n) % P === 0n) return undefined;
  const y = (((((value - 1n) % P) + P) % P) * power((value + 1n) % P, P - 2n)) % P;
  const bytes = new Uint8Array(32);
  let rest = y;
  for (let at = 0; at < 32; at++) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[31] = (bytes[31] ?? 0) | (sign << 7);
  return bytes;
}

function littleEndian(bytes: Bytes): bigint {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return value;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % P;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
