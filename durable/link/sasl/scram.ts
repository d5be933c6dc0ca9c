/**
 * SCRAM (RFC 5802) with SHA-1, SHA-256 (RFC 7677) and SHA-512: the messages and what is made of the keys, no I/O. The keys
 * themselves are made of the password in the browser. There is no channel binding: the runtime shows neither the
 * certificate nor an exporter, so GS2 says `n`.
 */
import type { Result } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { Base64 } from "../../../worker/contract/names.ts";
import type { ScramMechanism } from "../../../worker/contract/sign-in.ts";
import { roundsDetail } from "../../../worker/shared/failure-causes.ts";
import { failed } from "../../../worker/shared/failed.ts";
import { byteLength, knownBase64, toBase64 } from "../../../worker/shared/base64.ts";
import type { ScramKeys } from "./credentials.ts";

/** Whole groups of four, so that decoding cannot throw. */
const BASE64 = /^(?=.)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export type ServerFirst = {
  readonly text: string;
  /** Ours, continued by the server. */
  readonly nonce: string;
  readonly salt: Base64;
  readonly iterations: number;
  /** XEP-0474 `h`: what the server offered, hashed; undefined where it does not say. */
  readonly offerHash: string | undefined;
};

const NONCE_BYTES = 18;
const GS2_HEADER = "n,,";
export const HASHES = {
  "SCRAM-SHA-512": { name: "SHA-512", bytes: 64 },
  "SCRAM-SHA-256": { name: "SHA-256", bytes: 32 },
  "SCRAM-SHA-1": { name: "SHA-1", bytes: 20 },
} as const satisfies Record<ScramMechanism, { readonly name: string; readonly bytes: number }>;
const utf8 = new TextEncoder();

/** 144 random bits without a comma. */
export function newNonce(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}

/** `username` is the local part of the address. The bare half goes into the signature. */
export function clientFirst(username: string, nonce: string): { readonly message: string; readonly bare: string } {
  const bare = `n=${username.replaceAll("=", "=3D").replaceAll(",", "=2C")},r=${nonce}`;
  return { message: GS2_HEADER + bare, bare };
}

/** Fails with `server-not-proven` where the server breaks RFC 5802 §5.1 or its work factor is out of bounds. */
export function readServerFirst(text: string, nonce: string): Result<ServerFirst> {
  const parts = text.split(",");
  const [serverNonce, salt, iterations] = [value(parts[0], "r"), value(parts[1], "s"), value(parts[2], "i")];
  // RFC 5802 §5.1: an unknown mandatory extension (`m=`) stands first and must make us fail.
  if (serverNonce === undefined || !salt || iterations === undefined) return notProven("server-first message");
  // RFC 5802 §7: a nonce is of printable ASCII.
  if (!/^[!-~]*$/.test(serverNonce)) return notProven("nonce");
  if (!serverNonce.startsWith(nonce) || serverNonce.length === nonce.length) return notProven("nonce");
  const count = /^[1-9][0-9]{0,9}$/.test(iterations) ? Number(iterations) : 0;
  if (count < LIMITS.leastIterations || count > LIMITS.mostIterations) return notProven(roundsDetail(iterations));
  if (!BASE64.test(salt) || salt.length > LIMITS.saltLength) return notProven("salt");
  const offerHash = parts.slice(3).flatMap((part) => value(part, "h") ?? [])[0];
  return { ok: true, value: { text, nonce: serverNonce, salt, iterations: count, offerHash } };
}

/** The proof for the server, and the signature by which it must prove itself. */
export async function clientFinal(
  keys: ScramKeys,
  firstBare: string,
  server: ServerFirst,
): Promise<{ readonly message: string; readonly signature: Uint8Array }> {
  const withoutProof = `c=${toBase64(utf8.encode(GS2_HEADER))},r=${server.nonce}`;
  const auth = `${firstBare},${server.text},${withoutProof}`;
  const clientKey = knownBase64(keys.clientKey);
  const storedKey = new Uint8Array(await crypto.subtle.digest(HASHES[keys.mechanism].name, clientKey));
  const clientSignature = await hmac(keys.mechanism, storedKey, auth);
  const proof = clientKey.map((byte, index) => byte ^ (clientSignature[index] ?? 0));
  const signature = await hmac(keys.mechanism, knownBase64(keys.serverKey), auth);
  return { message: `${withoutProof},p=${toBase64(proof)}`, signature };
}

/** RFC 5802 §5.1: without a matching `v=` the server does not know the password, whatever it says. */
export function verifyServerFinal(text: string, expected: Uint8Array): Result<true> {
  const first = text.split(",")[0];
  const error = value(first, "e");
  if (error !== undefined) return { ok: false, error: { kind: "wrong-password", detail: error.slice(0, 40) } };
  const signature = value(first, "v");
  if (signature === undefined || !BASE64.test(signature)) return notProven("no signature");
  return sameBytes(knownBase64(signature), expected) ? { ok: true, value: true } : notProven("signature");
}

/** Kept keys fit as long as the server still uses the salt and the iterations they were made from. */
export function keysFit(keys: ScramKeys, server: ServerFirst): boolean {
  return keys.salt === server.salt && keys.iterations === server.iterations;
}

/** Keys have the length of their hash. */
export function wellFormed({ mechanism, clientKey, serverKey }: ScramKeys): boolean {
  const { bytes } = HASHES[mechanism];
  return [clientKey, serverKey].every((key) => BASE64.test(key) && byteLength(key) === bytes);
}

/** Takes the same time wherever the first difference is. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}

async function hmac(
  mechanism: ScramMechanism,
  key: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: "HMAC", hash: HASHES[mechanism].name };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, utf8.encode(text)));
}

function value(part: string | undefined, name: string): string | undefined {
  return part?.startsWith(`${name}=`) ? part.slice(2) : undefined;
}

function notProven(detail: string): ReturnType<typeof failed> {
  return failed("server-not-proven", detail);
}
