/**
 * Opus out of WebM (RFC 8794, RFC 9559), as browsers record it: sizes that nobody knew when they were written, no duration and
 * no way to a place in it. Blocks are taken as they stand, their times are not: what was left out while recording is not played.
 */
import { isOpusHead, type OpusStream, packetSamples } from "./opus.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** RFC 9559 §5.1. What holds others is gone into; of anything else only what is named here is looked at. */
const ID = {
  codecId: 0x86,
  codecPrivate: 0x63a2,
  trackNumber: 0xd7,
  trackEntry: 0xae,
  simpleBlock: 0xa3,
  block: 0xa1,
  discardPadding: 0x75a2,
} as const;
/** Segment, Tracks, TrackEntry, Cluster, BlockGroup. */
const HOLDING = new Set([0x18538067, 0x1654ae6b, ID.trackEntry, 0x1f43b675, 0xa0]);
const SIZE_BYTES_MAX = 8;
const ID_BYTES_MAX = 4;
const NS_PER_SAMPLE = 1_000_000_000 / 48_000;
const CODEC = "A_OPUS";
/** In bytes: 48 frames and what is said of them (RFC 6716 §3.2). */
const PACKET_BYTES_MAX = 62_000;
/** Some hours of them. Each takes far more memory than a byte, and a byte is enough for one. */
const PACKETS_MAX = 500_000;

type Track = { number: number; codec: string; head: Bytes };

/** The sound of a file of one track of Opus; undefined: it is none, or too long. What was cut off in the middle ends there. */
export function readWebm(bytes: Bytes): OpusStream | undefined {
  const sound: Bytes[] = [];
  let track: Track | undefined;
  let padding = 0;
  for (const { id, body } of elements(bytes)) {
    if (id === ID.trackEntry) {
      if (track !== undefined) return undefined;
      track = { number: 0, codec: "", head: new Uint8Array() };
    } else if (id === ID.trackNumber && track) track.number = numberIn(body);
    else if (id === ID.codecId && track) track.codec = String.fromCharCode(...body.subarray(0, CODEC.length + 1));
    else if (id === ID.codecPrivate && track) track.head = body.slice();
    else if (id === ID.discardPadding) padding = numberIn(body);
    else if (id === ID.simpleBlock || id === ID.block) {
      for (const packet of framesIn(body, track?.number)) {
        if (packet.length > PACKET_BYTES_MAX || sound.length === PACKETS_MAX) return undefined;
        if (packetSamples(packet) > 0) sound.push(packet);
      }
      padding = 0;
    }
  }
  if (track?.codec !== CODEC || !isOpusHead(track.head)) return undefined;
  const last = sound.at(-1);
  if (last === undefined) return undefined;
  const spare = Math.round(padding / NS_PER_SAMPLE);
  return { head: track.head, packets: sound, spare: spare > 0 && spare < packetSamples(last) ? spare : 0 };
}

type Element = { readonly id: number; readonly body: Bytes };

/** Every element, those that hold others without a body: what they hold follows. */
function* elements(bytes: Bytes): Generator<Element> {
  for (let at = 0; at < bytes.length; ) {
    const id = variable(bytes, at, true);
    const size = id && variable(bytes, at + id.length, false);
    if (id === undefined || size === undefined || id.length > ID_BYTES_MAX) return;
    at += id.length + size.length;
    if (HOLDING.has(id.value)) {
      yield { id: id.value, body: bytes.subarray(at, at) };
      continue;
    }
    // Only what holds others may leave its size open (RFC 8794 §6.2).
    if (size.isOpen || at + size.value > bytes.length) return;
    yield { id: id.value, body: bytes.subarray(at, at + size.value) };
    at += size.value;
  }
}

/** `isOpen`: all of its bits are set. */
type Variable = { readonly value: number; readonly length: number; readonly isOpen: boolean };

/** A number whose first bits say how long it is (RFC 8794 §4). `marked`: they are part of it, as in an identity. */
function variable(bytes: Uint8Array, at: number, marked: boolean): Variable | undefined {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > SIZE_BYTES_MAX || at + length > bytes.length) return undefined;
  let value = marked ? first : first & (0xff >> length);
  let isOpen = (first | ~(0xff >> length)) === -1;
  for (let i = 1; i < length; i += 1) {
    value = value * 256 + (bytes[at + i] ?? 0);
    isOpen &&= bytes[at + i] === 0xff;
  }
  return { value, length, isOpen };
}

function numberIn(body: Uint8Array): number {
  return body.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The frames of a block of that track (RFC 9559 §10.3); none of one that says of itself what cannot be, as frames of nothing. */
function framesIn(body: Bytes, of: number | undefined): Bytes[] {
  const track = variable(body, 0, false);
  if (track === undefined || track.value !== of) return [];
  const flags = body[track.length + 2] ?? 0;
  const begin = track.length + 3;
  const lacing = (flags >> 1) & 3;
  if (lacing === 0) return [body.slice(begin)];
  const count = (body[begin] ?? 0) + 1;
  const laced = lacing === 1 ? xiphSizes : lacing === 3 ? ebmlSizes : sameSizes;
  const { sizes, at } = laced(body, begin + 1, count);
  const rest = body.length - at - sizes.reduce((sum, size) => sum + size, 0);
  if (rest <= 0 || sizes.some((size) => size <= 0)) return [];
  let from = at;
  return [...sizes, rest].slice(0, count).map((size) => {
    const frame = body.slice(from, from + size);
    from += size;
    return frame;
  });
}

/** Of all but the last, which has the rest; where the first begins. */
type Sizes = { readonly sizes: readonly number[]; readonly at: number };

function xiphSizes(body: Uint8Array, begin: number, count: number): Sizes {
  const sizes: number[] = [];
  let at = begin;
  while (sizes.length < count - 1 && at < body.length) {
    let size = 0;
    while (body[at] === 255) size += body[at++] ?? 0;
    sizes.push(size + (body[at++] ?? 0));
  }
  return { sizes, at };
}

function ebmlSizes(body: Uint8Array, begin: number, count: number): Sizes {
  const sizes: number[] = [];
  let at = begin;
  while (sizes.length < count - 1) {
    const next = variable(body, at, false);
    if (next === undefined) return { sizes: [-1], at };
    // The first as it is, each other as its difference, around the middle of what its bytes can say.
    const before = sizes.at(-1);
    sizes.push(before === undefined ? next.value : before + next.value - (2 ** (7 * next.length - 1) - 1));
    at += next.length;
  }
  return { sizes, at };
}

function sameSizes(body: Uint8Array, begin: number, count: number): Sizes {
  const size = (body.length - begin) / count;
  return { sizes: Number.isInteger(size) && size > 0 ? Array<number>(count - 1).fill(size) : [-1], at: begin };
}
