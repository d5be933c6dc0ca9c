/** Where the two forms of a Curve25519 key meet: u of the Montgomery form, y and a sign of the Edwards form (RFC 7748 §4.1). */
import type { Bytes } from "../bytes.ts";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** u to y = (u − 1)/(u + 1) with the given sign; undefined for the one u that has no y. */
export function edwardsKey(u: Bytes, sign: number): Bytes | undefined {
  const value = littleEndian(u) & ((1n << 255n) - 1n);
  if ((value + 1n) % P === 0n) return undefined;
  const y = (((((value - 1n) % P) + P) % P) * power((value + 1n) % P, P - 2n)) % P;
  const bytes = new Uint8Array(32);
  let rest = y;
  for (let at = 0; at < 32; at++) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[31] = (bytes[31] ?? 0) | (sign << 7);
  return bytes;
}

/** Whether the second half of an Ed25519 signature is a reduced scalar (RFC 8032 §5.1.7 step 1). */
export function scalarReduced(signature: Bytes): boolean {
  return littleEndian(signature.subarray(32)) < L;
}

function littleEndian(bytes: Bytes): bigint {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return value;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % P;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
