/**
 * SCRAM (RFC 5802) with SHA-1 and SHA-256 (RFC 7677): the messages and the keys, no I/O. There is no channel binding:
 * the runtime shows neither the certificate nor an exporter, so GS2 says `n`.
 */
import type { Base64, Result } from "../../../worker/contract.ts";
import { failed } from "../../../worker/shared/failed.ts";
import { knownBase64, toBase64 } from "../../../worker/shared/base64.ts";
import type { ScramKeys, ScramMechanism } from "./credentials.ts";

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

/** RFC 7677 §4: below this a stolen exchange is guessed too cheaply. */
const MIN_ITERATIONS = 4_096;
/** Above this a server makes us work for nothing. */
const MAX_ITERATIONS = 1_000_000;
const NONCE_BYTES = 18;
const GS2_HEADER = "n,,";
export const HASHES = {
  "SCRAM-SHA-256": { name: "SHA-256", bits: 256 },
  "SCRAM-SHA-1": { name: "SHA-1", bits: 160 },
} as const;
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
  if (!serverNonce.startsWith(nonce) || serverNonce.length === nonce.length) return notProven("nonce");
  const count = /^[1-9][0-9]{0,9}$/.test(iterations) ? Number(iterations) : 0;
  if (count < MIN_ITERATIONS || count > MAX_ITERATIONS) return notProven(`${iterations.slice(0, 12)} iterations`);
  if (!BASE64.test(salt)) return notProven("salt");
  const offerHash = parts.slice(3).flatMap((part) => value(part, "h") ?? [])[0];
  return { ok: true, value: { text, nonce: serverNonce, salt, iterations: count, offerHash } };
}

/** The costly step. Fails with `no-mechanism` where the platform refuses that many iterations. */
export async function deriveKeys(
  mechanism: ScramMechanism,
  password: string,
  { salt, iterations }: Pick<ServerFirst, "salt" | "iterations">,
): Promise<Result<ScramKeys>> {
  const hash = HASHES[mechanism];
  const key = await crypto.subtle.importKey("raw", utf8.encode(prepare(password)), "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: hash.name, salt: knownBase64(salt), iterations };
  let salted: Uint8Array<ArrayBuffer>;
  try {
    salted = new Uint8Array(await crypto.subtle.deriveBits(parameters, key, hash.bits));
  } catch (reason) {
    // Workers end at 100,000 iterations with a NotSupportedError.
    if (!(reason instanceof Error) || reason.name !== "NotSupportedError") throw reason;
    return { ok: false, error: { kind: "no-mechanism", detail: `${mechanism} with ${iterations} iterations` } };
  }
  const clientKey = toBase64(await hmac(mechanism, salted, "Client Key"));
  const serverKey = toBase64(await hmac(mechanism, salted, "Server Key"));
  return { ok: true, value: { kind: "scram", mechanism, salt, iterations, clientKey, serverKey } };
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

/** Takes the same time wherever the first difference is. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}

/** SASLprep (RFC 4013 §2.1, §2.2): other spaces become spaces, invisible characters vanish, then NFKC. */
function prepare(password: string): string {
  return password
    .replace(/[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/g, " ")
    .replace(/\u00AD|\u034F|\u1806|[\u180B-\u180D]|\u200C|\u200D|\u2060|[\uFE00-\uFE0F]|\uFEFF/g, "")
    .normalize("NFKC");
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
