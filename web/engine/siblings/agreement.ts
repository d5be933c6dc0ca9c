/**
 * What two browsers of an account agree on before they trust a line that neither of them owns. Each has its OMEMO identity, which
 * agrees (X25519) like any other key of it, and a key made for this one occasion; three agreements of these go into HKDF under
 * a hash of everything that was said, so that whoever changed a byte of it has other keys.
 */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { type Bytes, concat } from "../bytes.ts";
import { type KeyPair, sharedSecret } from "../omemo/curve.ts";
import { hkdf } from "../omemo/hkdf.ts";

const KEY_BYTES = 32;
const CODE_BYTES = 8;
const CODE_DIGITS = 6;
const NO_SECRET = new Uint8Array(KEY_BYTES);

/** This browser, as it takes part. */
export type Own = {
  readonly account: BareJid;
  readonly device: DeviceId;
  /** 33 bytes. */
  readonly identityKey: Bytes;
  /** The handle of the identity that agrees. */
  readonly agreement: CryptoKey;
};

/** The public keys of the other end, 33 bytes each. */
export type Theirs = { readonly identityKey: Bytes; readonly ephemeral: Bytes };

/** `send` and `receive` are keys of AES-256-GCM; `secret` is for what is built on this; `code`: six digits. */
export type Agreed = {
  readonly binding: Bytes;
  readonly send: Bytes;
  readonly receive: Bytes;
  readonly secret: Bytes;
  readonly code: string;
};

export type Agreeing = {
  readonly own: Own;
  readonly ephemeral: KeyPair;
  readonly theirs: Theirs;
  readonly initiator: boolean;
  /** The hash of what was said (`bindingOf`). */
  readonly binding: Bytes;
  /** A secret that both have from before, 32 bytes. */
  readonly before?: Bytes | undefined;
};

/** Throws a RangeError for a key of low order. */
export async function agree({ own, ephemeral, theirs, initiator, binding, before }: Agreeing): Promise<Agreed> {
  const both = await sharedSecret(theirs.ephemeral, ephemeral.privateKey);
  const mine = await sharedSecret(theirs.ephemeral, own.agreement);
  const others = await sharedSecret(theirs.identityKey, ephemeral.privateKey);
  const input = concat(both, ...(initiator ? [mine, others] : [others, mine]), before ?? NO_SECRET);
  const output = await hkdf(input, binding, text("alcove own browsers: keys"), 3 * KEY_BYTES + CODE_BYTES);
  const [there, back, secret] = [0, 1, 2].map((at) => output.slice(at * KEY_BYTES, (at + 1) * KEY_BYTES));
  if (there === undefined || back === undefined || secret === undefined) throw new TypeError("too little came of HKDF");
  const code = codeOf(output.slice(3 * KEY_BYTES));
  return initiator
    ? { binding, send: there, receive: back, secret, code }
    : { binding, send: back, receive: there, secret, code };
}

function codeOf(bytes: Bytes): string {
  const number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) % 10n ** BigInt(CODE_DIGITS);
  return number.toString().padStart(CODE_DIGITS, "0");
}

/** SHA-256 over parts of which none can be taken for a piece of another one. */
export async function bindingOf(label: string, ...parts: readonly (Bytes | string | number)[]): Promise<Bytes> {
  const all = [label, ...parts].map((part) => {
    const bytes = typeof part === "object" ? part : text(String(part));
    return concat(numberOf(bytes.length), bytes);
  });
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...all)));
}

/** Four bytes, the highest first. */
export function numberOf(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** That somebody has `secret` and means this `binding`, 32 bytes. */
export async function proofOf(secret: Bytes, binding: Bytes, label: string): Promise<Bytes> {
  return hkdf(secret, binding, text(`alcove own browsers: ${label}`), KEY_BYTES);
}

function text(words: string): Bytes {
  return new TextEncoder().encode(words);
}
