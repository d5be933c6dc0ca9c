/**
 * What stands in an invitation's link: its id, signed (HMAC-SHA-256) with a key of the deployment's NAME_SECRET. So nobody
 * guesses one, what was not made here wakes no object, and what the gatekeeper keeps of it lets nobody in.
 */
import { fromBase64Url } from "./base64.ts";
import { keyBytesFor } from "./derived-key.ts";

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
/** No letters that are taken for others (l, o, 0, 1), for whoever reads it to somebody: 32 of them, 5 bits each. */
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const ID_LENGTH = 8;
const ID = /^[a-z2-9]{8}$/;
const TOKEN = /^([a-z2-9]{8})([A-Za-z0-9_-]{43})$/;

/** It names an invitation to its operator and is no secret. */
export function newInvitationId(): string {
  return [...crypto.getRandomValues(new Uint8Array(ID_LENGTH))].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

export function isInvitationId(text: string): boolean {
  return ID.test(text);
}

/** Its id; undefined where this deployment has not signed it. Compares in constant time. */
export async function readInvitation(nameSecret: string, token: string): Promise<string | undefined> {
  const [, id, signature] = TOKEN.exec(token) ?? [];
  if (id === undefined || signature === undefined) return undefined;
  const holds = await crypto.subtle.verify(
    "HMAC",
    await invitationKey(nameSecret),
    fromBase64Url(signature),
    new TextEncoder().encode(id),
  );
  return holds ? id : undefined;
}

/** What is signed with it is an invitation and nothing else. */
export async function invitationKey(nameSecret: string) {
  return crypto.subtle.importKey("raw", await keyBytesFor("invitation", nameSecret), HMAC, false, ["sign", "verify"]);
}
