/**
 * What an account's object allows one browser to upload, sealed so that the Worker alone can read it: nobody keeps anything
 * of it. Whoever has a ticket and not the session cookie of its browser has nothing; a slot takes one file (XEP-0363 §5), so
 * the same ticket again brings what its server says to a second one.
 */
import { FILE_LIMITS } from "../contract/media.ts";
import type { BrowserId, Time } from "../contract/names.ts";
import { fromBase64, toBase64Url } from "./base64.ts";
import { keyBytesFor } from "./derived-key.ts";

/**
 * `headers`: to be sent with it, of those that XEP-0363 allows. `trusted`: its server was named by the deployment, so it may
 * be in a private network.
 */
export type FileTicket = {
  readonly browser: BrowserId;
  readonly url: string;
  readonly size: number;
  readonly type: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly trusted: boolean;
  readonly until: Time;
};

const CIPHER = "AES-GCM";
/** NIST SP 800-38D §8.2.2: random ones, of which a deployment never makes 2^32 under one secret. */
const IV_BYTES = 12;

/** `secret`: of the deployment, the one that cookies are signed with. */
export async function sealTicket(secret: string, ticket: FileTicket): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const text = new TextEncoder().encode(JSON.stringify(ticket));
  const sealed = await crypto.subtle.encrypt({ name: CIPHER, iv }, await keyOf(secret, "encrypt"), text);
  const both = new Uint8Array(IV_BYTES + sealed.byteLength);
  both.set(iv);
  both.set(new Uint8Array(sealed), IV_BYTES);
  return toBase64Url(both);
}

/** Undefined where it is not ours, too old, or of another browser. */
export async function openTicket(
  secret: string,
  text: string,
  { browser, now }: { readonly browser: BrowserId; readonly now: Time },
): Promise<FileTicket | undefined> {
  if (text.length > FILE_LIMITS.ticketLength) return undefined;
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  if (bytes === undefined || bytes.length <= IV_BYTES) return undefined;
  const ticket = await opened(secret, bytes);
  const ours = ticket?.browser === browser && ticket.until > now && ticket.until <= now + 2 * FILE_LIMITS.ticketMs;
  return ours ? ticket : undefined;
}

async function opened(secret: string, bytes: Uint8Array<ArrayBuffer>): Promise<FileTicket | undefined> {
  const [iv, sealed] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES)];
  try {
    const text = await crypto.subtle.decrypt({ name: CIPHER, iv }, await keyOf(secret, "decrypt"), sealed);
    return JSON.parse(new TextDecoder().decode(text)) as FileTicket;
  } catch (error) {
    // What WebCrypto says of whatever was not sealed with this key.
    if (error instanceof Error && error.name === "OperationError") return undefined;
    throw error;
  }
}

async function keyOf(secret: string, use: "encrypt" | "decrypt") {
  const bytes = await keyBytesFor("file ticket", secret);
  return crypto.subtle.importKey("raw", bytes, CIPHER, false, [use]);
}
