/** A file that comes in pieces is made whole and decrypted. Nothing of it is given away before its tag is right (T46). */
import type { Bytes } from "../bytes.ts";
import { type FileKey, readFileKey } from "../../media/aesgcm.ts";
import { decryptFile, encryptFile, FileCipher, sameTag, TAG_BYTES } from "./gcm.ts";
import { type Gather, inMemory } from "./on-disk.ts";
import { fileFailure } from "./road.ts";

/** What is not larger is decrypted in one go. */
const WHOLE_BYTES = 16 * 1024 * 1024;
/** Of a larger one so much is in memory at a time. A multiple of the block. */
const PIECE_BYTES = 1024 * 1024;

/** `sealed`: as it travels. `plain`: what is in it. */
export type Opened = { readonly sealed: Blob; readonly plain: Blob };

/** All of a file. @throws a `Failure`: `large` for more than `most` bytes, `damaged` where the tag is another */
export async function openFile(
  pieces: AsyncIterable<Bytes>,
  key: string | undefined,
  most: number,
  told: (done: number) => void,
  gather: Gather = inMemory,
): Promise<Opened> {
  const sealed = await gather(joined(pieces, most, told));
  if (key === undefined) return { sealed, plain: sealed };
  return { sealed, plain: await decrypted(sealed, readFileKey(key), gather) };
}

/** A piece whose bytes a Blob has: the memory is free now, and not when somebody tidies up. */
function free(...pieces: readonly Bytes[]): void {
  // Browsers of before 2024 have no such way.
  for (const { buffer } of pieces) (buffer as { transfer?: (length: number) => unknown }).transfer?.(0);
}

/** What a network brings in small pieces, in larger ones. */
async function* joined(pieces: AsyncIterable<Bytes>, most: number, told: (done: number) => void): AsyncGenerator<Blob> {
  let held: Bytes[] = [];
  let [inHand, done] = [0, 0];
  for await (const piece of pieces) {
    done += piece.length;
    if (done > most) throw fileFailure("large");
    held.push(piece);
    inHand += piece.length;
    if (inHand >= PIECE_BYTES) {
      const joint = new Blob(held);
      free(...held);
      yield joint;
      [held, inHand] = [[], 0];
    }
    told(done);
  }
  if (inHand > 0) yield new Blob(held);
}

/** The same of a file that is here. @throws a `Failure`: `damaged` */
export async function decrypted(sealed: Blob, key: FileKey, gather: Gather = inMemory): Promise<Blob> {
  if (sealed.size <= WHOLE_BYTES) {
    const plain = await decryptFile(new Uint8Array(await sealed.arrayBuffer()), key);
    if (plain === undefined) throw fileFailure("damaged");
    return new Blob([plain]);
  }
  const cipher = await FileCipher.of(key);
  const end = sealed.size - TAG_BYTES;
  const body = sealed.slice(0, end);
  for await (const [piece] of cut(body)) {
    await cipher.add(piece);
    free(piece);
  }
  const tag = new Uint8Array(await sealed.slice(end).arrayBuffer());
  if (!sameTag(await cipher.tag(), tag)) throw fileFailure("damaged");
  return gather(opened(body, cipher));
}

async function* opened(body: Blob, cipher: FileCipher): AsyncGenerator<Blob> {
  for await (const [piece, at] of cut(body)) {
    const plain = await cipher.crypt(piece, at);
    const part = new Blob([plain]);
    free(piece, plain);
    yield part;
  }
}

/**
 * What travels, piece by piece: encrypted with its tag at the end (XEP-0454 §3), or as it is without a key.
 * @throws what reading a file throws that has gone
 */
export async function* piecesToSend(plain: Blob, key: FileKey | undefined): AsyncGenerator<Blob> {
  if (key === undefined) {
    for await (const [piece] of cut(plain)) yield new Blob([piece]);
    return;
  }
  if (plain.size <= WHOLE_BYTES) {
    yield new Blob([await encryptFile(new Uint8Array(await plain.arrayBuffer()), key)]);
    return;
  }
  const cipher = await FileCipher.of(key);
  for await (const [piece, at] of cut(plain)) {
    const sealed = await cipher.crypt(piece, at);
    await cipher.add(sealed);
    const part = new Blob([sealed]);
    free(piece, sealed);
    yield part;
  }
  yield new Blob([await cipher.tag()]);
}

async function* cut(file: Blob): AsyncGenerator<readonly [Bytes, number]> {
  for (let at = 0; at < file.size; at += PIECE_BYTES)
    yield [new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer()), at];
}

/** The first bytes of a file. */
export async function firstBytes(file: Blob, length: number): Promise<Bytes> {
  return new Uint8Array(await file.slice(0, length).arrayBuffer());
}
