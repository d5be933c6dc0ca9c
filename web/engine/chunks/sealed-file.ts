/**
 * A file of chunks under a passphrase:
 *
 *   "alcove-history-1\n"  salt (16)  iterations (4)        in clear
 *   length (4)  AES-256-GCM of a chunk                     as often as there are chunks
 *   length (4)  AES-256-GCM of the end                     says how many there were, and their digest
 *
 * The key is PBKDF2-HMAC-SHA-256 of the passphrase: of what browsers have for this, the slowest to try. Each file has a salt of
 * its own, so a key of its own, and chunks are numbered in their IVs: none can be left out, repeated or put elsewhere. Numbers
 * are big-endian.
 */
import { type Bytes, concat, randomBytes, sameBytes } from "../bytes.ts";

const MAGIC = new TextEncoder().encode("alcove-history-1\n") as Bytes;
const SALT_BYTES = 16;
export const HEADER_BYTES = MAGIC.length + SALT_BYTES + 4;
const IV_BYTES = 12;
export const TAG_BYTES = 16;
/** Above what OWASP asks for (600,000); a file that wants less is none of ours, and one that wants far more wants to hang. */
const ITERATIONS = 1_000_000;
const LEAST_ITERATIONS = 600_000;
const MOST_ITERATIONS = 10_000_000;
/** Of one chunk as it stands in the file. */
export const CHUNK_MOST = 4 * 1_024 * 1_024;

/** The parts of one file, in their order. */
export class FileSeal {
  readonly header: Bytes;
  readonly #key: CryptoKey;
  #chunks = 0;

  private constructor(header: Bytes, key: CryptoKey) {
    this.header = header;
    this.#key = key;
  }

  /** For a file that is about to be written. */
  static async make(passphrase: string): Promise<FileSeal> {
    const salt = randomBytes(SALT_BYTES);
    return new FileSeal(concat(MAGIC, salt, uint32(ITERATIONS)), await keyOf(passphrase, salt, ITERATIONS));
  }

  /** For one that begins with this header; undefined: it is no such file. */
  static async read(header: Bytes, passphrase: string): Promise<FileSeal | undefined> {
    if (header.length !== HEADER_BYTES || !sameBytes(header.slice(0, MAGIC.length), MAGIC)) return undefined;
    const salt = header.slice(MAGIC.length, MAGIC.length + SALT_BYTES);
    const iterations = readUint32(header.slice(-4));
    if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) return undefined;
    return new FileSeal(header, await keyOf(passphrase, salt, iterations));
  }

  /** The next part, with its length before it. */
  async seal(content: Bytes, last: boolean): Promise<Bytes> {
    const sealed = new Uint8Array(await crypto.subtle.encrypt(this.#next(last), this.#key, content));
    return concat(uint32(sealed.length), sealed);
  }

  /** The next part without its length; undefined: it is not what stood there, or the passphrase is another one. */
  async open(sealed: Bytes, last: boolean): Promise<Bytes | undefined> {
    const how = this.#next(last);
    try {
      return new Uint8Array(await crypto.subtle.decrypt(how, this.#key, sealed));
    } catch {
      return undefined;
    }
  }

  #next(last: boolean) {
    const iv = new Uint8Array(IV_BYTES);
    new DataView(iv.buffer).setUint32(IV_BYTES - 4, this.#chunks);
    this.#chunks += 1;
    return { name: "AES-GCM", iv, additionalData: concat(this.header, Uint8Array.of(last ? 1 : 0)) };
  }
}

async function keyOf(passphrase: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  // As it is typed anywhere: composed and decomposed letters are one passphrase (RFC 8265 §4.2).
  const words = new TextEncoder().encode(passphrase.normalize("NFC"));
  const material = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function uint32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function readUint32(bytes: Bytes): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}
