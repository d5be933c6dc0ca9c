/**
 * A code that two browsers of an account show while one of them joins. Equal codes mean equal pairs of keys. An attacker who
 * gives false keys to both sides can search for a pair with the same code, for one side in advance; so the code has 66 bits
 * and each try costs many rounds. Six digits would be found in a second.
 */
import { type Bytes, concat } from "../bytes.ts";

const ROUNDS = 200_000;
const BITS = 128;
const DIGITS = 20;
const GROUP = 5;
const SALT = new TextEncoder().encode("Alcove: code of two devices");

/** Four groups of five digits; the same whichever key comes first. */
export async function codeOf(one: Bytes, other: Bytes): Promise<string> {
  const [first, second] = [one, other].toSorted(byOrder);
  if (first === undefined || second === undefined) throw new TypeError("a code is of two keys");
  const both = concat(first, second);
  const key = await crypto.subtle.importKey("raw", both, "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt: SALT, iterations: ROUNDS };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(parameters, key, BITS));
  const number = bits.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) % 10n ** BigInt(DIGITS);
  const digits = number.toString().padStart(DIGITS, "0");
  return Array.from({ length: DIGITS / GROUP }, (_, at) => digits.slice(at * GROUP, (at + 1) * GROUP)).join(" ");
}

function byOrder(one: Bytes, other: Bytes): number {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
