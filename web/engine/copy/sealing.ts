/**
 * Sealing the parts of a copy: AES-256-GCM under a random IV, bound to account, copy, which part it is and its number, so that none
 * can stand in another's place or in another copy.
 */
import type { CopyGeneration } from "../../../worker/contract/copy.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { toHex } from "../../../worker/shared/hex.ts";
import { type Bytes, concat, randomBytes } from "../bytes.ts";

const IV_BYTES = 12;

/** `number`: of the chunk, or of the write that the manifest belongs to. */
export type CopyPlace = {
  readonly account: BareJid;
  readonly generation: CopyGeneration;
  readonly part: "manifest" | "chunk";
  readonly number: number;
};

export async function sealPart(key: CryptoKey, place: CopyPlace, content: Bytes): Promise<Bytes> {
  const iv = randomBytes(IV_BYTES);
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt(parametersOf(iv, place), key, content)));
}

/** Undefined: it was not sealed with this key, for this place. */
export async function openPart(key: CryptoKey, place: CopyPlace, sealed: Bytes): Promise<Bytes | undefined> {
  const iv = sealed.slice(0, IV_BYTES);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parametersOf(iv, place), key, sealed.slice(IV_BYTES)));
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

/** Of sealed bytes: what a manifest says of its chunks, and of the manifest before it. */
export async function digestOf(sealed: Bytes): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", sealed)));
}

function parametersOf(iv: Bytes, { account, generation, part, number }: CopyPlace): AesGcmParams {
  const place = ["alcove sealed copy", "1", account, generation, part, String(number)].join("\n");
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
}
