/**
 * Names that the Worker gives away and knows again: signed with `COOKIE_SECRET`, as the cookie is, so that nobody can make it wake
 * objects of their own invention; with the time when they were made, so that nobody can wake one for ever. Parts hold no dot.
 */
import type { Time } from "./contract/names.ts";
import { fromBase64, toBase64Url } from "./shared/base64.ts";

/** What is signed says what it is: a session cookie is signed with the same secret, and is none of these. */
export type SignedKind = "sign-in attempt" | "registration";

export async function signName(env: Env, kind: SignedKind, parts: readonly string[], now: Time): Promise<string> {
  const name = [...parts, now].join(".");
  const signature = await crypto.subtle.sign("HMAC", await keyOf(env), bytesOf(kind, name));
  return `${name}.${toBase64Url(signature)}`;
}

/** Its parts; undefined where the signature is not ours, or it is older than that, or of so many parts it is not. */
export async function readName(
  env: Env,
  kind: SignedKind,
  text: string,
  count: number,
  { now, validMs }: { readonly now: Time; readonly validMs: number },
): Promise<readonly string[] | undefined> {
  const all = text.split(".");
  const [signature = "", at = ""] = [all.at(-1), all.at(-2)];
  const bytes = fromBase64(signature.replaceAll("-", "+").replaceAll("_", "/"));
  if (all.length !== count + 2 || !bytes || !at) return undefined;
  const ours = await crypto.subtle.verify("HMAC", await keyOf(env), bytes, bytesOf(kind, all.slice(0, -1).join(".")));
  return ours && Math.abs(now - Number(at)) <= validMs ? all.slice(0, count) : undefined;
}

function bytesOf(kind: SignedKind, name: string): Uint8Array {
  return new TextEncoder().encode(`${kind} ${name}`);
}

function keyOf(env: Env): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(env.COOKIE_SECRET);
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}
