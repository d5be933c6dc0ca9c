/**
 * Opus in Ogg (RFC 3533, RFC 7845): the container that phones play. What is written says nothing of the browser or of the
 * hour: a fixed serial number, and comments that name nobody.
 */
import { isOpusHead, type OpusStream, packetSamples, preSkipOf } from "./opus.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const CAPTURE = [0x4f, 0x67, 0x67, 0x53] as const;
const HEADER_BYTES = 27;
const SEGMENT = 255;
const SEGMENTS_MAX = 255;
/** A second of sound: whoever looks for a place in it reads a page. */
const PAGE_SAMPLES = 48_000;
const [CONTINUED, FIRST, LAST] = [1, 2, 4];
/** Any number: there is one stream. */
const SERIAL = 0x414c4356;
const VENDOR = "Alcove";
const NO_POSITION = 0xffff_ffff_ffff_ffffn;

/** RFC 3533 §6: the polynomial 0x04c11db7, from the highest bit, beginning with 0. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x8000_0000 ? (sum << 1) ^ 0x04c1_1db7 : sum << 1;
  return sum;
});

export function oggSum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum << 8) ^ (CRC[((sum >>> 24) ^ byte) & 0xff] ?? 0);
  return sum >>> 0;
}

/** A file of one stream. @throws where a packet is longer than a page can be (65,025 bytes), which no packet of Opus is */
export function writeOgg({ head, packets, spare }: OpusStream): Bytes {
  const pages: Bytes[] = [page([head], 0n, 0, FIRST), page([tags()], 0n, 1, 0)];
  let held: Uint8Array[] = [];
  let [segments, position, begun] = [0, 0, 0];
  for (const [at, packet] of packets.entries()) {
    const needed = Math.floor(packet.length / SEGMENT) + 1;
    if (held.length > 0 && (segments + needed > SEGMENTS_MAX || position - begun >= PAGE_SAMPLES)) {
      pages.push(page(held, BigInt(position), pages.length, 0));
      [held, segments, begun] = [[], 0, position];
    }
    held.push(packet);
    segments += needed;
    position += packetSamples(packet);
    // The last page says where it ends, inside its last packet perhaps (RFC 7845 §4.4).
    if (at === packets.length - 1) pages.push(page(held, BigInt(position - spare), pages.length, LAST));
  }
  return joined(pages);
}

/** RFC 7845 §5.2: a vendor, and no comments. */
function tags(): Bytes {
  const bytes = new Uint8Array(8 + 4 + VENDOR.length + 4);
  bytes.set(new TextEncoder().encode("OpusTags"));
  new DataView(bytes.buffer).setUint32(8, VENDOR.length, true);
  bytes.set(new TextEncoder().encode(VENDOR), 12);
  return bytes;
}

function page(packets: readonly Uint8Array[], position: bigint, number: number, flags: number): Bytes {
  const lacing = packets.flatMap(({ length }) => [
    ...Array<number>(Math.floor(length / SEGMENT)).fill(SEGMENT),
    length % SEGMENT,
  ]);
  if (lacing.length > SEGMENTS_MAX) throw new RangeError("the packet is longer than a page");
  const bytes = joined([new Uint8Array(HEADER_BYTES), Uint8Array.from(lacing), ...packets]);
  const view = new DataView(bytes.buffer);
  bytes.set(CAPTURE);
  bytes[5] = flags;
  view.setBigUint64(6, position, true);
  view.setUint32(14, SERIAL, true);
  view.setUint32(18, number, true);
  bytes[26] = lacing.length;
  view.setUint32(22, oggSum(bytes), true);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** `position`: as the page says it; undefined: no packet ends in it. */
export type OggPage = {
  readonly flags: number;
  readonly position: number | undefined;
  readonly serial: number;
  readonly lacing: Uint8Array;
  readonly body: Bytes;
};

/** The pages of a file, in order, until there is something else. Sums are not looked at: what is damaged sounds so. */
export function* oggPages(bytes: Bytes): Generator<OggPage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    if (CAPTURE.some((byte, offset) => bytes[at + offset] !== byte) || bytes[at + 4] !== 0) return;
    const lacing = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + (bytes[at + 26] ?? 0));
    const begin = at + HEADER_BYTES + lacing.length;
    const end = begin + lacing.reduce((sum, length) => sum + length, 0);
    if (end > bytes.length) return;
    const position = view.getBigUint64(at + 6, true);
    yield {
      flags: bytes[at + 5] ?? 0,
      position: position === NO_POSITION ? undefined : Number(position),
      serial: view.getUint32(at + 14, true),
      lacing,
      body: bytes.subarray(begin, end),
    };
    at = end;
  }
}

/** The stream of Opus in a file; undefined: it holds none, or several, or more than sound for two ears. */
export function readOgg(bytes: Bytes): OpusStream | undefined {
  const found: Bytes[] = [];
  let rest: Uint8Array[] = [];
  let serial: number | undefined;
  let end: number | undefined;
  for (const page of oggPages(bytes)) {
    if (serial !== undefined && page.serial !== serial) return undefined;
    serial = page.serial;
    if ((page.flags & CONTINUED) === 0) rest = [];
    let at = 0;
    for (const length of page.lacing) {
      rest.push(page.body.subarray(at, at + length));
      at += length;
      if (length === SEGMENT) continue;
      found.push(joined(rest));
      rest = [];
    }
    end = page.position ?? end;
  }
  const [head, comments, ...packets] = found;
  if (head === undefined || comments === undefined || !isOpusHead(head)) return undefined;
  const sound = packets.filter((packet) => packetSamples(packet) > 0);
  const last = sound.at(-1);
  if (last === undefined) return undefined;
  const over = sound.reduce((sum, packet) => sum + packetSamples(packet), 0) - (end ?? 0);
  const isSpare = end !== undefined && end > preSkipOf(head) && over > 0 && over < packetSamples(last);
  return { head, packets: sound, spare: isSpare ? over : 0 };
}

/** How long a file of sound lasts, by what its first page and its last say, in milliseconds; undefined: it does not say so. */
export function oggDuration(bytes: Bytes): number | undefined {
  let [rate, skipped, end]: [number, number, number | undefined] = [0, 0, undefined];
  for (const { body, flags, position } of oggPages(bytes)) {
    if ((flags & FIRST) !== 0) {
      if (rate > 0) return undefined;
      [rate, skipped] = rateOf(body);
    }
    end = position ?? end;
  }
  if (rate === 0 || end === undefined || end <= skipped) return undefined;
  return Math.round(((end - skipped) / rate) * 1_000);
}

/** Samples of a second, and how many are not played. */
function rateOf(head: Bytes): [number, number] {
  if (isOpusHead(head)) return [PAGE_SAMPLES, preSkipOf(head)];
  const isVorbis = String.fromCharCode(...head.subarray(0, 7)) === "\x01vorbis" && head.length >= 16;
  return isVorbis ? [new DataView(head.buffer, head.byteOffset).getUint32(12, true), 0] : [0, 0];
}
