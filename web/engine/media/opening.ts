/** A file that comes in pieces is made whole and decrypted. Nothing of it is given away before its tag is right (T46). */
import { type Bytes, concat } from "../bytes.ts";
import type { FileKey } from "../../media/aesgcm.ts";
import { decryptFile, encryptFile, FileCipher, sameTag, TAG_BYTES } from "./gcm.ts";
import { type Gathered, InMemory, type Sink } from "./on-disk.ts";
import { fileFailure } from "./road.ts";

/** What is not larger is in memory, and decrypted in one go. */
const WHOLE_BYTES = 16 * 1024 * 1024;
/** Of a larger one so much at a time is. A multiple of the block. */
const PIECE_BYTES = 1024 * 1024;
const NOTHING: Bytes = new Uint8Array();

/**
 * `plain`: what is in it. `opened`: what that is called in the folder of its page (`Sink`). `sealed`: as it travels, `size`
 * bytes; of a large one it is made again, in another file, for who wants it: what is to be shown need not wait for that.
 */
export type Opened = {
  readonly plain: Blob;
  readonly opened?: string;
  readonly sealed: () => Promise<Gathered>;
  readonly size: number;
};

/** `size`: how many bytes will come; undefined: nobody has said. `sink`: where a large one goes. */
export type Opening = {
  readonly key: FileKey | undefined;
  readonly size: number | undefined;
  readonly most: number;
  readonly sink: () => Promise<Sink>;
  readonly told?: (done: number) => void;
};

/** All of a file. @throws a `Failure`: `large` for more than `most` bytes, `damaged` where the tag is another */
export async function openFile(pieces: AsyncIterable<Bytes>, opening: Opening): Promise<Opened> {
  const { key, size, most, told = () => undefined } = opening;
  if (size !== undefined && size <= WHOLE_BYTES) return atOnce(counted(pieces, Math.min(most, WHOLE_BYTES), told), key);
  const sink = await opening.sink();
  try {
    const coming = joined(counted(pieces, most, told));
    await (key === undefined ? writeInto(sink, coming) : decryptInto(sink, coming, key));
    const { file: plain, ...place } = await sink.end();
    if (key === undefined) return { plain, ...place, sealed: async () => ({ file: plain }), size: plain.size };
    const sealed = async () => gathered(await opening.sink(), piecesToSend(plain, key));
    return { plain, ...place, sealed, size: plain.size + TAG_BYTES };
  } catch (error) {
    await sink.drop();
    throw error;
  }
}

/** A file that is here, in memory. @throws a `Failure`: `damaged` */
export async function decrypted(sealed: Blob, key: FileKey): Promise<Blob> {
  const most = Number.POSITIVE_INFINITY;
  return (await openFile(piecesOfFile(sealed), { key, size: sealed.size, most, sink: async () => new InMemory() }))
    .plain;
}

/**
 * Memory of our own that nobody needs: it is free now, and not when somebody tidies up. What the browser has made (what was
 * read, what was encrypted) must not go through here: it stays until then all the same, and is no longer counted, so nobody does.
 */
function free(...pieces: readonly Bytes[]): void {
  // Browsers of before 2024 have no such way.
  for (const { buffer } of pieces) (buffer as { transfer?: (length: number) => unknown }).transfer?.(0);
}

async function* counted(
  pieces: AsyncIterable<Bytes>,
  most: number,
  told: (done: number) => void,
): AsyncGenerator<Bytes> {
  let done = 0;
  for await (const piece of pieces) {
    done += piece.length;
    if (done > most) throw fileFailure("large");
    yield piece;
    told(done);
  }
}

/** What a network brings in small pieces, in larger ones of one length, but for the last. */
async function* joined(pieces: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  let [joint, filled] = [new Uint8Array(PIECE_BYTES), 0];
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + PIECE_BYTES - filled);
      joint.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < PIECE_BYTES) continue;
      yield joint;
      [joint, filled] = [new Uint8Array(PIECE_BYTES), 0];
    }
  }
  if (filled > 0) yield joint.subarray(0, filled);
}

async function atOnce(coming: AsyncIterable<Bytes>, key: FileKey | undefined): Promise<Opened> {
  const parts: Bytes[] = [];
  for await (const piece of coming) parts.push(piece.slice());
  const bytes = concat(...parts);
  free(...parts);
  const sealed = new Blob([bytes]);
  const plain = key === undefined ? bytes : await decryptFile(bytes, key);
  if (plain === undefined) throw fileFailure("damaged");
  return {
    plain: key === undefined ? sealed : new Blob([plain]),
    sealed: async () => ({ file: sealed }),
    size: sealed.size,
  };
}

async function gathered(sink: Sink, pieces: AsyncIterable<Bytes>): Promise<Gathered> {
  try {
    await writeInto(sink, pieces);
    return await sink.end();
  } catch (error) {
    await sink.drop();
    throw error;
  }
}

async function writeInto(sink: Sink, coming: AsyncIterable<Bytes>): Promise<void> {
  for await (const piece of coming) await sink.write(piece);
}

/** While one piece is decrypted and written the next one comes. What the sink has is nobody's before this settles. */
async function decryptInto(sink: Sink, coming: AsyncIterable<Bytes>, key: FileKey): Promise<void> {
  const cipher = await FileCipher.of(key);
  const work = async (piece: Bytes, place: number) => {
    // In this order: the tag changes the piece for a moment, and WebCrypto has taken its copy before.
    const [plain] = await Promise.all([cipher.crypt(piece, place), cipher.add(piece)]);
    free(piece);
    await sink.write(plain);
  };
  let working: Promise<void> | undefined;
  let [last, at] = [NOTHING, 0];
  const next = async () => {
    await working;
    working = work(last, at);
    // Where the next one does not come nobody waits for this one.
    working.catch(() => undefined);
    at += last.length;
  };
  for await (const piece of coming) {
    // The tag may lie across the last two.
    if (piece.length < TAG_BYTES) last = concat(last, piece);
    else {
      if (last.length > 0) await next();
      last = piece;
    }
  }
  const tag = last.slice(Math.max(0, last.length - TAG_BYTES));
  last = last.subarray(0, Math.max(0, last.length - TAG_BYTES));
  if (last.length > 0) await next();
  await working;
  if (!sameTag(await cipher.tag(), tag)) throw fileFailure("damaged");
}

/**
 * What travels, piece by piece: encrypted with its tag at the end (XEP-0454 §3), or as it is without a key.
 * @throws what reading a file throws that has gone
 */
export async function* piecesToSend(plain: Blob, key: FileKey | undefined): AsyncGenerator<Bytes> {
  if (key === undefined) {
    yield* piecesOfFile(plain);
    return;
  }
  if (plain.size <= WHOLE_BYTES) {
    yield await encryptFile(new Uint8Array(await plain.arrayBuffer()), key);
    return;
  }
  const cipher = await FileCipher.of(key);
  let at = 0;
  for await (const piece of piecesOfFile(plain)) {
    const sealed = await cipher.crypt(piece, at);
    await cipher.add(sealed);
    at += piece.length;
    yield sealed;
  }
  yield await cipher.tag();
}

/** The bytes of a file, so many at a time. */
export async function* piecesOfFile(file: Blob): AsyncGenerator<Bytes> {
  for (let at = 0; at < file.size; at += PIECE_BYTES)
    yield new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
}

/** The first bytes of a file. */
export async function firstBytes(file: Blob, length: number): Promise<Bytes> {
  return new Uint8Array(await file.slice(0, length).arrayBuffer());
}
