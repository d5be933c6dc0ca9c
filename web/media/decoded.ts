/**
 * How much a sound becomes when it is decoded. A browser decodes all of it at once, and a few megabytes may be days of silence:
 * so it is counted by what a decoder goes through, and not by what the sound says of its length.
 */
import { boxes } from "./mp4.ts";
import { readOgg, writeOgg } from "./ogg.ts";
import { type OpusStream, packetSamples } from "./opus.ts";
import { readWebm } from "./webm.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Of all channels; each takes four bytes. Ten minutes of a voice at 48 kHz, five of two. */
const SAMPLES_MAX = 30_000_000;
/** Of a frame of AAC in its doubled rate, for two ears (ISO 14496-3 §4.5.2.1, §4.6.18). */
const AAC_SAMPLES = 2_048 * 2;
/** On the way to how many frames there are, and of what. */
const HOLDING = new Set(["moov", "trak", "mdia", "minf", "stbl"]);

/** The same sound as it may be decoded; undefined: it is too long for that, or nobody can tell. */
export function boundedSound(bytes: Bytes, type: string): Bytes | undefined {
  if (type === "audio/ogg") return boundedOpus(readOgg(bytes));
  if (type === "audio/webm") return boundedOpus(readWebm(bytes));
  if (type === "audio/mp4") return isBoundedMp4(bytes) ? bytes : undefined;
  // Samples stand in it as they are. At the least rate that browsers take (3 kHz) a byte becomes 16 of theirs.
  return type === "audio/wav" && bytes.length * 16 <= SAMPLES_MAX ? bytes : undefined;
}

/** Written anew: what stands behind what was counted would be decoded as well. */
function boundedOpus(stream: OpusStream | undefined): Bytes | undefined {
  if (stream === undefined) return undefined;
  const channels = stream.head[9] ?? 1;
  const samples = stream.packets.reduce((sum, packet) => sum + packetSamples(packet), 0);
  return samples * channels <= SAMPLES_MAX ? writeOgg(stream) : undefined;
}

function isBoundedMp4(bytes: Bytes): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [frames, tables, tracks] = [0, 0, 0];
  for (const { name, begin, end } of boxes(bytes, HOLDING)) {
    // What comes in fragments says in each how much it is.
    if (name === "moof" || name === "mvex") return false;
    if (end > bytes.length) continue;
    if (name === "trak") tracks += 1;
    if (name === "stsd" && !isAac(view, begin, end)) return false;
    if ((name !== "stsz" && name !== "stz2") || begin + 12 > end) continue;
    frames += view.getUint32(begin + 8);
    tables += 1;
  }
  return tracks > 0 && tables === tracks && frames * AAC_SAMPLES <= SAMPLES_MAX;
}

/** Each of the descriptions (ISO 14496-12 §8.5.2): of others nobody knows how long a frame is. */
function isAac(view: DataView, begin: number, end: number): boolean {
  const MP4A = 0x6d703461;
  const count = begin + 8 <= end ? view.getUint32(begin + 4) : 0;
  let at = begin + 8;
  for (let looked = 0; looked < count; looked += 1) {
    if (at + 8 > end || view.getUint32(at) < 8 || view.getUint32(at + 4) !== MP4A) return false;
    at += view.getUint32(at);
  }
  return count > 0;
}
