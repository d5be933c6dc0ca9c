/**
 * From the password to the keys of SCRAM (RFC 5802 §3; SHA-256: RFC 7677; SHA-512 alike). Of a person it happens in their own
 * browser, so that nobody else ever has the password: the Worker and the object are told the keys, which sign in at a
 * server that uses the same salt and rounds, and nowhere else. The gateway of a deployment makes its own.
 */
import type { Result } from "../contract/failures.ts";
import { LIMITS } from "../contract/limits.ts";
import type { Base64 } from "../contract/names.ts";
import { SCRAM_MECHANISMS, type ScramChallenge, type ScramMechanism, type ScramProof } from "../contract/sign-in.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import { failed } from "./failed.ts";
import { roundsDetail } from "./failure-causes.ts";

const HASHES = {
  "SCRAM-SHA-512": { name: "SHA-512", bits: 512 },
  "SCRAM-SHA-256": { name: "SHA-256", bits: 256 },
  "SCRAM-SHA-1": { name: "SHA-1", bits: 160 },
} as const satisfies Record<ScramMechanism, { readonly name: string; readonly bits: number }>;
const utf8 = new TextEncoder();

/**
 * The costly step: a million rounds take a second or a few. Fails with `server-not-proven` where the challenge is none that
 * a decent server sends, so that nobody can have the password tried too cheaply, or the browser work for nothing.
 */
export async function makeScramKeys(password: string, challenge: ScramChallenge): Promise<Result<ScramProof>> {
  const { mechanism, iterations } = challenge;
  const salt = challenge.salt.length > LIMITS.saltLength ? undefined : fromBase64(challenge.salt);
  if (!SCRAM_MECHANISMS.includes(mechanism)) return failed("server-not-proven", "mechanism");
  if (salt === undefined || salt.length === 0) return failed("server-not-proven", "salt");
  if (!(iterations >= LIMITS.leastIterations && iterations <= LIMITS.mostIterations) || !Number.isInteger(iterations))
    return failed("server-not-proven", roundsDetail(String(iterations)));
  const hash = HASHES[mechanism];
  const key = await crypto.subtle.importKey("raw", utf8.encode(prepare(password)), "PBKDF2", false, ["deriveBits"]);
  const salted = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: hash.name, salt, iterations }, key, hash.bits);
  const [clientKey, serverKey] = await Promise.all([
    hmac(hash.name, salted, "Client Key"),
    hmac(hash.name, salted, "Server Key"),
  ]);
  return { ok: true, value: { clientKey, serverKey } };
}

/** SASLprep (RFC 4013 §2.1, §2.2): other spaces become spaces, invisible characters vanish, then NFKC. */
function prepare(password: string): string {
  return password
    .replace(/[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/g, " ")
    .replace(/\u00AD|\u034F|\u1806|[\u180B-\u180D]|\u200C|\u200D|\u2060|[\uFE00-\uFE0F]|\uFEFF/g, "")
    .normalize("NFKC");
}

async function hmac(hash: string, key: ArrayBuffer, text: string): Promise<Base64> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  return toBase64(await crypto.subtle.sign("HMAC", imported, utf8.encode(text)));
}
