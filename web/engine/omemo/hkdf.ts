/** HKDF with SHA-256 (RFC 5869) by the browser itself. */
import type { Bytes } from "../bytes.ts";

/** `length` bytes. Throws an OperationError above 255 × 32 (RFC 5869 §2.3). */
export async function hkdf(input: Bytes, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", input, { name: "HKDF" }, false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, length * 8);
  return new Uint8Array(bits);
}
