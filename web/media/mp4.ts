/** Sound in MP4 (ISO 14496-12): Safari records it so, and phones do. Whether there is anything to be seen in it, and how long it is. */

type Bytes = Uint8Array<ArrayBuffer>;

/** A box: its name, and where its content stands. `end` may lie beyond what is there. */
type Box = { readonly name: string; readonly begin: number; readonly end: number };

/** Boxes that hold boxes, on the way to what is looked at. */
const HOLDING = new Set(["moov", "trak", "mdia"]);
/** Version, flags, then the times of making and of changing: 4 or 8 bytes each (§8.2.2, §8.3.2, §8.4.2). */
const TIMED = new Set(["mvhd", "tkhd", "mdhd"]);
const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;

/** Of the movie box, with its header. `soundOnly`: each of its tracks is one. `duration`: in milliseconds, where it is said. */
export type Movie = { readonly soundOnly: boolean; readonly duration?: number };

/** What the movie box says, which may be all that is given; undefined where it is not whole or not there. */
export function movieIn(bytes: Uint8Array): Movie | undefined {
  const handlers: string[] = [];
  let duration: number | undefined;
  let whole = false;
  for (const { name, begin, end } of boxes(bytes)) {
    if (end > bytes.length) continue;
    if (name === "moov") whole = true;
    if (name === "hdlr") handlers.push(ascii(bytes, begin + 8));
    if (name === "mvhd") duration = durationIn(bytes, begin);
  }
  if (!whole || handlers.length === 0) return undefined;
  return { soundOnly: handlers.every((one) => one === "soun"), ...(duration !== undefined && { duration }) };
}

/** The same file, called a sound and without the hour at which it was made; undefined: it is no sound, or cut off. */
export function plainSound(bytes: Bytes): Bytes | undefined {
  if (ascii(bytes, 4) !== "ftyp" || movieIn(bytes)?.soundOnly !== true) return undefined;
  const plain = bytes.slice();
  plain.set(new TextEncoder().encode("M4A "), HEADER_BYTES);
  for (const { name, begin } of boxes(bytes))
    if (TIMED.has(name)) plain.fill(0, begin + 4, begin + 4 + (bytes[begin] === 1 ? 16 : 8));
  return plain;
}

/** Where the movie box stands: phones write it last. Boxes are read one after the other, so not behind too many of them. */
export async function movieOf(file: Blob): Promise<Movie | undefined> {
  let at = 0;
  for (let looked = 0; looked < BOXES_MAX && at + HEADER_BYTES <= file.size; looked += 1) {
    const header = new Uint8Array(await file.slice(at, at + LONG_HEADER_BYTES).arrayBuffer());
    const [box] = boxes(header);
    if (box === undefined) return undefined;
    // One without a size reaches to the end of the file (§4.2).
    const isLast = new DataView(header.buffer).getUint32(0) === 0;
    const end = isLast ? file.size : at + box.end;
    if (box.name === "moov")
      return movieIn(new Uint8Array(await file.slice(at, Math.min(end, at + MOVIE_BYTES_MAX)).arrayBuffer()));
    at = end;
  }
  return undefined;
}

/** Of hours of sound. */
const MOVIE_BYTES_MAX = 8 * 1024 * 1024;
/** Beside one another, before the movie box. */
const BOXES_MAX = 500;

/** One after the other, and those within what holds some. */
export function* boxes(bytes: Uint8Array, holding: ReadonlySet<string> = HOLDING): Generator<Box> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const name = ascii(bytes, at + 4);
    const said = view.getUint32(at);
    const long = said === 1 && at + LONG_HEADER_BYTES <= bytes.length;
    const size = long ? Number(view.getBigUint64(at + HEADER_BYTES)) : said === 0 ? bytes.length - at : said;
    const begin = at + (long ? LONG_HEADER_BYTES : HEADER_BYTES);
    if (size < begin - at) return;
    yield { name, begin, end: at + size };
    at = holding.has(name) ? begin : at + size;
  }
}

function durationIn(bytes: Uint8Array, begin: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = bytes[begin] === 1;
  if (begin + (long ? 32 : 20) > bytes.length) return undefined;
  const scale = view.getUint32(begin + (long ? 20 : 12));
  const units = long ? Number(view.getBigUint64(begin + 24)) : view.getUint32(begin + 16);
  const isSaid = scale > 0 && units > 0 && units < (long ? Number.MAX_SAFE_INTEGER : 0xffff_ffff);
  return isSaid ? Math.round((units / scale) * 1_000) : undefined;
}

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
