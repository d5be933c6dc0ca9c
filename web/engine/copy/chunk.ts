/** What stands in a chunk of a copy: the records that browsers hand each other, and entries that are to be in none any more. */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { EntryId } from "../../../worker/contract/names.ts";
import type { Bytes } from "../bytes.ts";
import { fieldsIn, listIn } from "../chunks/fields.ts";
import { packed, unpacked } from "../chunks/packed.ts";
import { type MessageText, readRecord, writeRecord } from "../chunks/record.ts";

export type Chunk = { readonly records: readonly MessageText[]; readonly gone: readonly EntryId[] };

/** Records of one chunk, and what it is at the most when it is packed: with IV, tag and base64 below `LIMITS.copyChunkLength`. */
const RECORDS = 300;
const CHUNK_BYTES = 256 * 1_024;
const GONE = 5_000;
const UNPACKED = 64 * 1_024 * 1_024;

/** What is left of a chunk that was read; `bad`: so many records were none. */
export async function readChunk(content: Bytes): Promise<(Chunk & { readonly bad: number }) | undefined> {
  const fields = fieldsIn(await unpacked(content, UNPACKED));
  const read = fields && listIn(fields, "records", RECORDS, (value) => ({ record: readRecord(value) }));
  const gone = fields && listIn(fields, "gone", GONE, idOf);
  if (read === undefined || gone === undefined) return undefined;
  const records = read.flatMap(({ record }) => record ?? []);
  return { records, gone, bad: read.length - records.length };
}

function idOf(value: unknown): EntryId | undefined {
  return typeof value === "string" && value.length <= LIMITS.referenceLength ? (value as EntryId) : undefined;
}

export type PackedChunk = Chunk & { readonly content: Bytes };

/** In chunks that fit; what is too long even by itself loses what stood there before it was edited, and else is left out. */
export async function* packChunks({ records, gone }: Chunk): AsyncGenerator<PackedChunk> {
  for (let at = 0; at < Math.max(records.length, gone.length > 0 ? 1 : 0); at += RECORDS)
    yield* fitting({ records: records.slice(at, at + RECORDS), gone: at === 0 ? gone.slice(0, GONE) : [] });
  if (gone.length > GONE) yield* packChunks({ records: [], gone: gone.slice(GONE) });
}

async function* fitting(chunk: Chunk): AsyncGenerator<PackedChunk> {
  const { records, gone } = chunk;
  const content = await packed({ records: records.map(writeRecord), gone });
  const [first] = records;
  if (content.length <= CHUNK_BYTES) {
    yield { records, gone, content };
  } else if (records.length > 0 && gone.length > 0) {
    yield* fitting({ records: [], gone });
    yield* fitting({ records, gone: [] });
  } else if (records.length > 1 || gone.length > 1) {
    // Only one of the two is not empty.
    const half = Math.ceil((records.length + gone.length) / 2);
    yield* fitting({ records: records.slice(0, half), gone: gone.slice(0, half) });
    yield* fitting({ records: records.slice(half), gone: gone.slice(half) });
  } else if (first?.earlier !== undefined) {
    const { earlier: _earlier, ...brief } = first;
    yield* fitting({ records: [brief], gone });
  }
}

/**
 * How often a message was changed is known to all browsers alike by when that was last; half a step above it is the same message
 * whose quote went with what it answers.
 */
export function editionOf({ editedAt = 0, quote }: EditedText): number {
  return editedAt + (quote?.gone && quote.text === undefined ? 0.5 : 0);
}

type EditedText = Pick<MessageText, "editedAt"> & {
  readonly quote?: Pick<NonNullable<MessageText["quote"]>, "gone" | "text"> | undefined;
};

/** What stood there before may be in no copy any more. */
export function tookBack(edition: number): boolean {
  return edition % 1 !== 0;
}
