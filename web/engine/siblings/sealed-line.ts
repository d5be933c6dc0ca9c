/**
 * One line of sealed records between two browsers, in order, each once: AES-256-GCM, a key for each direction, the counter is
 * the nonce. What comes a second time is passed over; a hole, or a record that was not sealed by the other end, ends it.
 */
import { type Bytes, concat } from "../bytes.ts";
import type { Agreed } from "./agreement.ts";

const COUNTER_BYTES = 8;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** What a record is longer than its message. */
export const RECORD_OVERHEAD = COUNTER_BYTES + TAG_BYTES;

export type Opened = { readonly kind: "message"; readonly message: Bytes } | { readonly kind: "again" | "broken" };

export class SealedLine {
  readonly #send: Promise<CryptoKey>;
  readonly #receive: Promise<CryptoKey>;
  #sent = 0;
  #received = 0;

  constructor({ send, receive }: Pick<Agreed, "send" | "receive">) {
    this.#send = crypto.subtle.importKey("raw", send, "AES-GCM", false, ["encrypt"]);
    this.#receive = crypto.subtle.importKey("raw", receive, "AES-GCM", false, ["decrypt"]);
  }

  /** The next record. Its place is decided by when it is called, not by when it resolves. */
  async seal(message: Bytes): Promise<Bytes> {
    const counter = counterOf(this.#sent++);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: ivOf(counter) }, await this.#send, message);
    return concat(counter, new Uint8Array(sealed));
  }

  /** One after the other; not before the call before has resolved. */
  async open(record: Bytes): Promise<Opened> {
    if (record.length < RECORD_OVERHEAD) return { kind: "broken" };
    const counter = record.slice(0, COUNTER_BYTES);
    const at = new DataView(counter.buffer).getBigUint64(0);
    if (at < BigInt(this.#received)) return { kind: "again" };
    if (at > BigInt(this.#received)) return { kind: "broken" };
    const parameters = { name: "AES-GCM", iv: ivOf(counter) };
    try {
      const plain = await crypto.subtle.decrypt(parameters, await this.#receive, record.slice(COUNTER_BYTES));
      this.#received += 1;
      return { kind: "message", message: new Uint8Array(plain) };
    } catch (error) {
      if (error instanceof DOMException) return { kind: "broken" };
      throw error;
    }
  }
}

function counterOf(at: number): Bytes {
  const bytes = new Uint8Array(COUNTER_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(at));
  return bytes;
}

function ivOf(counter: Bytes): Bytes {
  return concat(new Uint8Array(IV_BYTES - COUNTER_BYTES), counter);
}
