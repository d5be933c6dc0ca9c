/**
 * How a browser shows that a request is its own: it signs the request with a key that only its own engine can use and
 * nobody can copy out of it, so a copied session cookie alone is worth nothing. What is signed says which request it is,
 * when it was made, and what is in it.
 */
import { fromBase64Url, toBase64Url } from "./base64.ts";

/** `nonce`: milliseconds since 1970 and something random. `target`: method, path and query. `body`: its SHA-256. */
export type Proof = {
  readonly nonce: string;
  readonly signature: string;
  readonly target: string;
  readonly body: string;
};

/** ECDSA on P-256 with SHA-256: every engine keeps such a key where no script can read it. */
export const PROOF_KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;

const NONCE_BYTES = 6;
/** A nonce, then 64 bytes of signature in base64url. */
const WRITTEN = /^(\d{13,16}-[A-Za-z0-9_-]{8})\.([A-Za-z0-9_-]{86})$/;

/** Named by the runtime's own types: pages, Workers and Node have no name for it in common. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const bytes = new TextEncoder();

/** Another one each time; `now` by the object's clock. */
export function newNonce(now: number): string {
  return `${Math.round(now)}-${toBase64Url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)))}`;
}

/** When a proof was made, as it says itself; NaN for what is no nonce. */
export function timeOf(nonce: string): number {
  return Number(nonce.split("-", 1)[0]);
}

/** SHA-256 of a request's body, base64url; of none for a request without one. */
async function hashOfBody(body: string): Promise<string> {
  return toBase64Url(await crypto.subtle.digest("SHA-256", bytes.encode(body)));
}

/** A proof as it travels: `<nonce>.<signature>`. */
export async function writeProof(key: Key, nonce: string, target: string, body: string): Promise<string> {
  const signed = bytes.encode(textOf({ nonce, target, body: await hashOfBody(body) }));
  return `${nonce}.${toBase64Url(await crypto.subtle.sign(SIGNATURE, key, signed))}`;
}

/** Undefined where there is none or it is not written like one; whether it holds is the object's to say. */
export async function readProof(
  written: string | null | undefined,
  target: string,
  body: string,
): Promise<Proof | undefined> {
  const [, nonce, signature] = WRITTEN.exec(written ?? "") ?? [];
  if (nonce === undefined || signature === undefined) return undefined;
  return { nonce, signature, target, body: await hashOfBody(body) };
}

/** Whether this key has signed it. */
export function isSignedBy(key: Key, proof: Proof): Promise<boolean> {
  return crypto.subtle.verify(SIGNATURE, key, fromBase64Url(proof.signature), bytes.encode(textOf(proof)));
}

function textOf({ nonce, target, body }: Omit<Proof, "signature">): string {
  return ["alcove proof 1", nonce, target, body].join("\n");
}
