/**
 * What a file is, by its first bytes: its name and what its sender says of it decide nothing. What runs or marks something up
 * (HTML, SVG, PDF, scripts, archives) is a file like any other, to be saved and never to be shown.
 */
import { movieIn } from "./mp4.ts";
import { pictureType } from "./picture-header.ts";

export type FileKind = "image" | "audio" | "video" | "file";
/** `type`: under which a browser is given it; of anything but a picture, a sound or a film the neutral one. */
export type SeenKind = { readonly kind: FileKind; readonly type: string };

export const NEUTRAL_TYPE = "application/octet-stream";
/** So many of the first bytes are enough; fewer are where the file is shorter. */
export const KIND_BYTES = 4_096;

const NO_KIND: SeenKind = { kind: "file", type: NEUTRAL_TYPE };
const ANY = -1;
/** Bytes at the beginning; `ANY` is not looked at. */
const SOUNDS: readonly (readonly [readonly number[], string])[] = [
  [[0x49, 0x44, 0x33], "audio/mpeg"],
  [[0x66, 0x4c, 0x61, 0x43], "audio/flac"],
  [[0x52, 0x49, 0x46, 0x46, ANY, ANY, ANY, ANY, 0x57, 0x41, 0x56, 0x45], "audio/wav"],
];
/** Brands of ISO base media files (`ftyp`) that are sound alone. */
const SOUND_BRANDS = new Set(["M4A ", "M4B ", "F4A "]);
const FILM_BRANDS = /^(?:isom|iso[2-9]|mp4[12]|avc1|M4V |M4VH|M4VP|dash|msdh|MSNV|3g[p2][0-9a-z]|F4V |mmp4|qt {2})$/;

/** @param first the first `KIND_BYTES` */
export function kindOf(first: Uint8Array): SeenKind {
  const picture = pictureType(first);
  if (picture !== undefined) return { kind: "image", type: picture };
  for (const [bytes, type] of SOUNDS) if (begins(first, bytes)) return { kind: "audio", type };
  if (begins(first, [0x4f, 0x67, 0x67, 0x53])) return oggKind(first);
  if (begins(first, [0x1a, 0x45, 0xdf, 0xa3])) return matroskaKind(first);
  if (ascii(first, 4, 4) === "ftyp") return isoKind(first);
  // A frame of MPEG audio or of ADTS: eleven bits that are set, a layer or none, no forbidden rate (ISO 11172-3 §2.4.1.3).
  const [one = 0, two = 0, three = 0] = first;
  if (one === 0xff && (two & 0xf6) === 0xf0) return { kind: "audio", type: "audio/aac" };
  const layered = (two & 0xe0) === 0xe0 && (two & 0x18) !== 0x08 && (two & 0x06) !== 0;
  if (one === 0xff && layered && (three & 0xf0) !== 0xf0 && (three & 0x0c) !== 0x0c)
    return { kind: "audio", type: "audio/mpeg" };
  return NO_KIND;
}

/** RFC 3533, RFC 5334: the first page of a film names Theora or a skeleton. */
function oggKind(first: Uint8Array): SeenKind {
  const beginning = ascii(first, 0, 512);
  if (beginning.includes("theora")) return { kind: "video", type: "video/ogg" };
  const sound = ["OpusHead", "vorbis", "Speex", "FLAC"].some((name) => beginning.includes(name));
  return sound ? { kind: "audio", type: "audio/ogg" } : NO_KIND;
}

/** WebM is the part of Matroska that browsers play. Codecs stand in clear in the tracks (RFC 9559 §5.1.4.1.21). */
function matroskaKind(first: Uint8Array): SeenKind {
  const beginning = ascii(first, 0, KIND_BYTES);
  if (!beginning.slice(0, 64).includes("webm")) return NO_KIND;
  const film = /V_(?:VP8|VP9|AV1)/.test(beginning) || !/A_(?:OPUS|VORBIS)/.test(beginning);
  return film ? { kind: "video", type: "video/webm" } : { kind: "audio", type: "audio/webm" };
}

function isoKind(first: Uint8Array): SeenKind {
  const brand = ascii(first, 8, 4);
  if (SOUND_BRANDS.has(brand)) return { kind: "audio", type: "audio/mp4" };
  // Recorders that know of nothing but films name a sound so as well.
  if (FILM_BRANDS.test(brand) && movieIn(first)?.soundOnly === true) return { kind: "audio", type: "audio/mp4" };
  return FILM_BRANDS.test(brand) ? { kind: "video", type: "video/mp4" } : NO_KIND;
}

function begins(bytes: Uint8Array, with_: readonly number[]): boolean {
  return with_.every((byte, at) => byte === ANY || bytes[at] === byte);
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
