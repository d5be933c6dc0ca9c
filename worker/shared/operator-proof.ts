/**
 * How an operator shows that they hold the deployment's NAME_SECRET without sending it: a request is signed (HMAC-SHA-256,
 * RFC 2104) with a key that is derived from it. What is signed says where it goes, when it was made, and what is in it.
 */
import { fromBase64Url } from "./base64.ts";
import { keyBytesFor } from "./derived-key.ts";

export const OPERATOR_HEADER = "x-alcove-operator";

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
/** A nonce (`newNonce`), then 32 bytes of signature in base64url. */
const WRITTEN = /^(\d{13,16}-[A-Za-z0-9_-]{8})\.([A-Za-z0-9_-]{43})$/;

/** Named by the runtime's own types: pages, Workers and Node have no name for it in common. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const bytes = new TextEncoder();

/** Of nothing but the secret; whoever has it cannot get back to the secret. */
export async function operatorKey(nameSecret: string): Promise<Key> {
  return crypto.subtle.importKey("raw", await keyBytesFor("operator", nameSecret), HMAC, false, ["sign", "verify"]);
}

/** The nonce of a request that this key has signed; whether it is fresh is still to be seen. Compares in constant time. */
export async function nonceOfOperator(
  key: Key,
  written: string,
  url: string,
  body: string,
): Promise<string | undefined> {
  const [, nonce, signature] = WRITTEN.exec(written) ?? [];
  if (nonce === undefined || signature === undefined) return undefined;
  const holds = await crypto.subtle.verify("HMAC", key, fromBase64Url(signature), signed(nonce, url, body));
  return holds ? nonce : undefined;
}

/** What the signature is about. `url`: the whole address, so that no other deployment takes the request. */
export function signed(nonce: string, url: string, body: string): Uint8Array<ArrayBuffer> {
  // The body comes last: nothing in it can be taken for another part.
  return new Uint8Array(bytes.encode(["POST", url, nonce, body].join("\n")));
}
