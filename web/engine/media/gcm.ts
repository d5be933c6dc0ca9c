/**
 * AES-256-GCM (NIST SP 800-38D) of files that are too large to be in memory at once. WebCrypto has no way to go through one
 * piece by piece, but it has the parts: AES-CTR encrypts a piece, and the tag of a message that is nothing but additional data
 * is the GHASH of that data. What joins the pieces is one multiplication each, so all but that is native.
 *
 * The nonce of those empty messages is zero. Their tags never leave this file, and what they would tell is the GHASH that
 * the tag of the file tells as well.
 */
import type { Bytes } from "../bytes.ts";
import type { FileKey } from "../../media/aesgcm.ts";

export const TAG_BYTES = 16;
const BLOCK_BYTES = 16;
const BLOCK_BITS = 128;
const USUAL_IV_BYTES = 12;
const COUNTER_BITS = 32;
const COUNTERS = 2n ** BigInt(COUNTER_BITS);
/** x^128 = 1 + x + x^2 + x^7, the bits in the order of GCM: the first one is that of 1. */
const REDUCTION = 0xe1n << 120n;
const NO_BYTES = new Uint8Array();
const ZERO_NONCE = new Uint8Array(USUAL_IV_BYTES);

/**
 * One file under one key. Its pieces are of any length that is a multiple of 16 bytes, but for the last; what is encrypted or
 * decrypted is said by its place, so the pieces of the tag alone have an order.
 */
export class FileCipher {
  readonly #ctr: CryptoKey;
  readonly #gcm: CryptoKey;
  readonly #hashKey: bigint;
  readonly #inverse: bigint;
  /** What the tag of an empty message is masked with, and that of the file. */
  readonly #emptyMask: bigint;
  readonly #first: bigint;
  #hash = 0n;
  #bytes = 0;

  private constructor(ctr: CryptoKey, gcm: CryptoKey, hashKey: bigint, emptyMask: bigint, iv: Bytes) {
    this.#ctr = ctr;
    this.#gcm = gcm;
    this.#hashKey = hashKey;
    this.#inverse = inverseOf(hashKey);
    this.#emptyMask = emptyMask;
    this.#first = firstCounter(iv, hashKey);
  }

  static async of({ key, iv }: FileKey): Promise<FileCipher> {
    const ctr = await crypto.subtle.importKey("raw", key, "AES-CTR", false, ["encrypt"]);
    const gcm = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
    const [hashKey, emptyMask] = await Promise.all([keystream(ctr, 0n), keystream(ctr, 1n)]);
    return new FileCipher(ctr, gcm, hashKey, emptyMask, iv);
  }

  /** Encrypts, or decrypts, the piece that begins at a place of the file. */
  async crypt(piece: Bytes, at: number): Promise<Bytes> {
    const counter = blockOf(counterAfter(this.#first, 1n + BigInt(at / BLOCK_BYTES)));
    return new Uint8Array(
      await crypto.subtle.encrypt({ name: "AES-CTR", counter, length: COUNTER_BITS }, this.#ctr, piece),
    );
  }

  /** Takes the next piece of ciphertext into the tag. It is changed for a moment and is as it was when this returns a promise. */
  async add(piece: Bytes): Promise<void> {
    if (piece.length === 0) return;
    const data = piece.length < BLOCK_BYTES ? padded(piece) : piece;
    const start = data.slice(0, BLOCK_BYTES);
    data.set(blockOf(numberOf(start) ^ this.#hash));
    const tagging = crypto.subtle.encrypt(
      { name: "AES-GCM", iv: ZERO_NONCE, additionalData: data },
      this.#gcm,
      NO_BYTES,
    );
    // WebCrypto has taken its copy.
    data.set(start);
    const tag = numberOf(new Uint8Array(await tagging));
    // tag = (hash + lengths) · H + mask, where the lengths are those of the additional data and of nothing.
    const lengths = BigInt(data.length * 8) << 64n;
    this.#hash = multiply(tag ^ this.#emptyMask, this.#inverse) ^ lengths;
    this.#bytes += piece.length;
  }

  /** The tag of all that was taken in. */
  async tag(): Promise<Bytes> {
    const hash = multiply(this.#hash ^ BigInt(this.#bytes * 8), this.#hashKey);
    return blockOf(hash ^ (await keystream(this.#ctr, this.#first)));
  }
}

/** A file that is in memory. */
export async function encryptFile(plain: Bytes, { key, iv }: FileKey): Promise<Bytes> {
  const handle = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, handle, plain));
}

/** Undefined where the tag is missing or another one: nothing of such a file is given to anybody (T46). */
export async function decryptFile(sealed: Bytes, { key, iv }: FileKey): Promise<Bytes | undefined> {
  if (sealed.length < TAG_BYTES) return undefined;
  const handle = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, handle, sealed));
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return undefined;
    throw error;
  }
}

/** Without telling by its time where they differ. */
export function sameTag(one: Bytes, other: Bytes): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < TAG_BYTES; at += 1) difference |= (one[at] ?? 0) ^ (other[at] ?? 0);
  return difference === 0;
}

/** What the block cipher makes of a block: the key stream at that counter. */
async function keystream(key: CryptoKey, counter: bigint): Promise<bigint> {
  const how = { name: "AES-CTR", counter: blockOf(counter), length: BLOCK_BITS };
  return numberOf(new Uint8Array(await crypto.subtle.encrypt(how, key, new Uint8Array(BLOCK_BYTES))));
}

/** SP 800-38D §7.1, step 2. */
function firstCounter(iv: Bytes, hashKey: bigint): bigint {
  if (iv.length === USUAL_IV_BYTES) return (numberOf(iv) << 32n) | 1n;
  let hash = 0n;
  for (let at = 0; at < iv.length; at += BLOCK_BYTES)
    hash = multiply(hash ^ numberOf(padded(iv.subarray(at, at + BLOCK_BYTES))), hashKey);
  return multiply(hash ^ BigInt(iv.length * 8), hashKey);
}

/** Only the last 32 bits count (§6.2). */
function counterAfter(counter: bigint, blocks: bigint): bigint {
  return counter - (counter % COUNTERS) + ((counter + blocks) % COUNTERS);
}

/** In GF(2^128), §6.3. */
function multiply(one: bigint, other: bigint): bigint {
  let [product, shifted] = [0n, other];
  for (let bit = BigInt(BLOCK_BITS - 1); bit >= 0n; bit -= 1n) {
    if (((one >> bit) & 1n) === 1n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ REDUCTION : shifted >> 1n;
  }
  return product;
}

/** By Fermat: the power 2^128 - 2, all of whose bits but the last are set. */
function inverseOf(value: bigint): bigint {
  let [power, square] = [1n << BigInt(BLOCK_BITS - 1), value];
  for (let bit = 1; bit < BLOCK_BITS; bit += 1) {
    square = multiply(square, square);
    power = multiply(power, square);
  }
  return power;
}

function numberOf(bytes: Bytes): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

function blockOf(value: bigint): Bytes {
  const block = new Uint8Array(BLOCK_BYTES);
  for (let [at, rest] = [BLOCK_BYTES - 1, value]; at >= 0; at -= 1, rest >>= 8n) block[at] = Number(rest & 0xffn);
  return block;
}

function padded(bytes: Bytes): Bytes {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(bytes);
  return block;
}
