/**
 * What the recovery key stands for: HKDF-SHA-256 over its sixteen bytes, bound to account and copy, gives the key under which
 * everything is sealed, as a handle that nobody can take out, and the token that the object asks for. The token says nothing of
 * the key.
 */
import type { CopyGeneration, CopyToken } from "../../../worker/contract/copy.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { toBase64 } from "../../../worker/shared/base64.ts";
import type { Bytes } from "../bytes.ts";

export type CopyKey = { readonly generation: CopyGeneration; readonly key: CryptoKey; readonly token: CopyToken };

/** Of a recovery key: it is drawn, so nobody tries them all. */
export const RECOVERY_BYTES = 16;
const HASH = "SHA-256";
const TOKEN_BITS = 256;

export async function copyKeyOf(recovery: Bytes, account: BareJid, generation: CopyGeneration): Promise<CopyKey> {
  const material = await crypto.subtle.importKey("raw", recovery, "HKDF", false, ["deriveKey", "deriveBits"]);
  // An address holds no line feed.
  const salt = bytesOf(["alcove sealed copy", "1", account, generation].join("\n"));
  const use = (info: string) => ({ name: "HKDF", hash: HASH, salt, info: bytesOf(info) });
  const aes = { name: "AES-GCM", length: 256 };
  const key = await crypto.subtle.deriveKey(use("seal"), material, aes, false, ["encrypt", "decrypt"]);
  const token = new Uint8Array(await crypto.subtle.deriveBits(use("token"), material, TOKEN_BITS));
  return { generation, key, token: toBase64(token) };
}

function bytesOf(text: string): Bytes {
  return new TextEncoder().encode(text) as Bytes;
}
