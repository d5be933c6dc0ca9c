/** A key under which own browsers seal choices (`choices/seal.ts`), and what it is called. */
import { toHex } from "../../../worker/shared/hex.ts";
import { type Bytes, randomBytes } from "../bytes.ts";
import type { SealingKey } from "../store/schema.ts";

export const KEY_BYTES = 32;
const ID_BYTES = 8;

/** A key is called by itself, so nobody can hand over another one under its name. */
export async function keyOf(key: Bytes): Promise<Pick<SealingKey, "id" | "key">> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", key));
  return { id: toHex(digest.slice(0, ID_BYTES)), key };
}

export function newKey(): Promise<Pick<SealingKey, "id" | "key">> {
  return keyOf(randomBytes(KEY_BYTES));
}
