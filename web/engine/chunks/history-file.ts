/** A history as a file: records in chunks, and at the end how many there are and their digest, so that none is missing unseen. */
import { type Bytes, concat } from "../bytes.ts";
import { fieldsIn, listIn, numberIn, textIn } from "./fields.ts";
import { packed, unpacked } from "./packed.ts";
import { type MessageText, readRecord, writeRecord } from "./record.ts";
import { CHUNK_MOST, FileSeal, HEADER_BYTES, readUint32, TAG_BYTES } from "./sealed-file.ts";

/** Records of one chunk, and characters of their texts. */
const TOGETHER = 300;
const LONG = 1_024 * 1_024;
/** Bytes of a chunk when it is unpacked. */
const UNPACKED = 64 * 1_024 * 1_024;
const LENGTH_BYTES = 4;

/** Writes records; what it gives back is the next part of the file. */
export class HistoryWriter {
  readonly #seal: FileSeal;
  #records: MessageText[] = [];
  #length = 0;
  #chunks = 0;
  #count = 0;
  #digest: Bytes = new Uint8Array(32);

  private constructor(seal: FileSeal) {
    this.#seal = seal;
  }

  static async begin(passphrase: string): Promise<HistoryWriter> {
    return new HistoryWriter(await FileSeal.make(passphrase));
  }

  get header(): Bytes {
    return this.#seal.header;
  }

  /** Undefined: it goes with others into one chunk. */
  async add(record: MessageText): Promise<Bytes | undefined> {
    this.#records.push(record);
    this.#length += record.text.length + (record.earlier ?? []).reduce((sum, { text }) => sum + text.length, 0);
    return this.#records.length >= TOGETHER || this.#length >= LONG ? this.#chunk() : undefined;
  }

  async end(): Promise<Bytes> {
    const rest = this.#records.length > 0 ? await this.#chunk() : new Uint8Array(0);
    const digest = hexOf(this.#digest);
    const end = await packed({ chunks: this.#chunks, records: this.#count, digest });
    return concat(rest, await this.#seal.seal(end, true));
  }

  async #chunk(): Promise<Bytes> {
    const content = await packed({ records: this.#records.map(writeRecord) });
    this.#chunks += 1;
    this.#count += this.#records.length;
    this.#records = [];
    this.#length = 0;
    this.#digest = await chained(this.#digest, content);
    return this.#seal.seal(content, false);
  }
}

/**
 * `records`: those of a chunk; `bad`: so many of it were none. `end`: `whole`: everything that was written is here.
 */
export type HistoryPart =
  | { readonly kind: "records"; readonly records: readonly MessageText[]; readonly bad: number }
  | { readonly kind: "end"; readonly whole: boolean }
  | { readonly kind: "not-a-history" | "wrong-passphrase" };

/** Reads a file part by part. What is damaged costs its own chunk, and what does not fit its own record. */
export async function* readHistory(file: Blob, passphrase: string): AsyncGenerator<HistoryPart> {
  const bytesOf = async (from: number, length: number): Promise<Bytes> =>
    new Uint8Array(await file.slice(from, from + length).arrayBuffer());
  const seal = await FileSeal.read(await bytesOf(0, HEADER_BYTES), passphrase);
  if (seal === undefined) return yield { kind: "not-a-history" };
  let digest: Bytes = new Uint8Array(32);
  let [chunks, count, damaged] = [0, 0, false];
  for (let at = HEADER_BYTES; at + LENGTH_BYTES <= file.size; ) {
    const length = readUint32(await bytesOf(at, LENGTH_BYTES));
    const next = at + LENGTH_BYTES + length;
    if (length < TAG_BYTES || length > CHUNK_MOST || next > file.size) break;
    const last = next === file.size;
    const content = await seal.open(await bytesOf(at + LENGTH_BYTES, length), last);
    if (content === undefined && at === HEADER_BYTES) return yield { kind: "wrong-passphrase" };
    at = next;
    const fields = content && fieldsIn(await unpacked(content, UNPACKED));
    if (last) {
      const same = fields && [numberIn(fields, "chunks", 0, chunks), numberIn(fields, "records", 0, count)];
      const whole = same?.[0] === chunks && same[1] === count && textIn(fields ?? {}, "digest", 64) === hexOf(digest);
      return yield { kind: "end", whole: whole && !damaged };
    }
    const read = fields && listIn(fields, "records", TOGETHER, (value) => ({ record: readRecord(value) }));
    damaged ||= read === undefined;
    if (content === undefined || read === undefined) continue;
    digest = await chained(digest, content);
    chunks += 1;
    count += read.length;
    const records = read.flatMap(({ record }) => record ?? []);
    yield { kind: "records", records, bad: read.length - records.length };
  }
  yield { kind: "end", whole: false };
}

async function chained(before: Bytes, content: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(before, content)));
}

function hexOf(bytes: Bytes): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
