/**
 * The manifest of a copy: which chunks there are, and what each of them is by its digest. Each names the one before it, so that
 * two histories of writes cannot be shown for one.
 */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { Time } from "../../../worker/contract/names.ts";
import type { Bytes } from "../bytes.ts";
import { fieldsIn, listIn, numberIn, textIn } from "../chunks/fields.ts";
import { packed, unpacked } from "../chunks/packed.ts";

const UNPACKED = 4 * 1_024 * 1_024;
const DIGEST = 64;

/** `length`: bytes as it is sealed. */
export type ChunkName = { readonly chunk: number; readonly digest: string; readonly length: number };

export type Manifest = {
  readonly number: number;
  /** The digest of the manifest that it follows; empty: it is the first. */
  readonly before: string;
  readonly at: Time;
  /** The number that the next chunk gets, at the least: where an older copy was put back, some above it were given already. */
  readonly next: number;
  /** In the order of their numbers. */
  readonly chunks: readonly ChunkName[];
};

export function writeManifest({ number, before, at, next, chunks }: Manifest): Promise<Bytes> {
  const names = chunks.map(({ chunk, digest, length }) => [chunk, digest, length]);
  return packed({ n: number, b: before, t: at, x: next, c: names });
}

/** Undefined: it is none. */
export async function readManifest(content: Bytes): Promise<Manifest | undefined> {
  const fields = fieldsIn(await unpacked(content, UNPACKED));
  if (fields === undefined) return undefined;
  const [number, at, next] = [count(fields, "n"), count(fields, "t"), count(fields, "x")];
  const before = textIn(fields, "b", DIGEST);
  const chunks = listIn(fields, "c", LIMITS.copyChunks, nameIn);
  if (number === undefined || at === undefined || next === undefined || before === undefined) return undefined;
  if (chunks === undefined || chunks.some(({ chunk }, n) => chunk >= next || chunk <= (chunks[n - 1]?.chunk ?? 0)))
    return undefined;
  return { number, before, at, next, chunks };
}

function count(fields: Readonly<Record<string, unknown>>, name: string): number | undefined {
  return numberIn(fields, name, 0, Number.MAX_SAFE_INTEGER);
}

function nameIn(value: unknown): ChunkName | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [chunk, digest, length] = value as readonly unknown[];
  const fits = Number.isSafeInteger(chunk) && typeof digest === "string" && digest.length === DIGEST;
  return fits && typeof length === "number" ? { chunk: chunk as number, digest, length } : undefined;
}
