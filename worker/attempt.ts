/**
 * The name of a sign-in under way, as the browser holds it between the two steps: the pass with which the first was let in,
 * and the object's own name for it. It is signed, as the cookie is, so that nobody can make the Worker wake objects of their
 * own invention; and it says when it was made, so that nobody can wake one with it for ever.
 */
import { LIMITS } from "./contract/limits.ts";
import type { Time } from "./contract/names.ts";
import { fromBase64, toBase64Url } from "./shared/base64.ts";
import type { Pass } from "./sign-in-gate.ts";

export type Attempt = Pass & { readonly id: string };

/** The object waits no longer than it says; the rest is for the way, and for clocks that differ. */
const VALID_MS = LIMITS.signInWaitMs + 30_000;

/** Signed with `COOKIE_SECRET`. */
export async function writeAttempt(
  env: Env,
  { object, ticket, id, invitation = "" }: Attempt,
  now: Time,
): Promise<string> {
  const name = `${object}.${ticket}.${id}.${now}.${invitation}`;
  const signature = await crypto.subtle.sign("HMAC", await keyOf(env), bytesOf(name));
  return `${name}.${toBase64Url(signature)}`;
}

/** Undefined where the signature is not ours, or nothing waits for it any more. */
export async function readAttempt(env: Env, text: string, now: Time): Promise<Attempt | undefined> {
  const [object, ticket, id, at, invitation, signature, ...rest] = text.split(".");
  const bytes = fromBase64((signature ?? "").replaceAll("-", "+").replaceAll("_", "/"));
  if (!object || !ticket || !id || !at || !bytes || rest.length > 0) return undefined;
  const name = `${object}.${ticket}.${id}.${at}.${invitation}`;
  const ours = await crypto.subtle.verify("HMAC", await keyOf(env), bytes, bytesOf(name));
  if (Math.abs(now - Number(at)) > VALID_MS) return undefined;
  return ours ? { object, ticket, id, ...(invitation && { invitation }) } : undefined;
}

/** A session cookie is signed with the same secret: what is signed here says that it is none. */
function bytesOf(name: string): Uint8Array {
  return new TextEncoder().encode(`sign-in attempt ${name}`);
}

function keyOf(env: Env): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(env.COOKIE_SECRET);
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}
