/** Sounds: what is recorded here goes in a container that phones play; of what comes it is found out how long it takes. */
import type { PreparedFile, SeenFile, ShownFile } from "../protocol/files.ts";
import { KIND_BYTES, kindOf, type SeenKind } from "../../media/file-kind.ts";
import { movieIn, movieOf, plainSound } from "../../media/mp4.ts";
import { oggDuration, readOgg, writeOgg } from "../../media/ogg.ts";
import { opusDuration, type OpusStream } from "../../media/opus.ts";
import { readWebm } from "../../media/webm.ts";
import { fileFailure } from "./road.ts";

/** Of a recording, or of a sound whose pages are counted. */
const BYTES_MAX = 64 * 1024 * 1024;
const OGG = "audio/ogg";
const MS_PER_S = 1_000;
/** What says that it takes longer than two days does not know. */
const LONGEST_MS = 48 * 3_600 * MS_PER_S;

/**
 * What `MediaRecorder` has given: Opus becomes Ogg, whatever it came in; what Safari knows besides stays what it is, without the
 * hour at which it was made. @throws a `Failure`: `file: empty` where nothing was recorded
 */
export async function recording(file: Blob): Promise<PreparedFile> {
  if (file.size === 0) throw fileFailure("empty");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const stream = readWebm(bytes) ?? readOgg(bytes);
  if (stream !== undefined) return inOgg(stream);
  const plain = plainSound(bytes) ?? bytes;
  const { type } = kindOf(plain.subarray(0, KIND_BYTES));
  if (type === "audio/webm" || type === OGG) throw fileFailure("empty");
  const duration = movieIn(plain)?.duration;
  return { seen: { kind: "audio", type, size: plain.length, ...taking(duration) }, file: new Blob([plain], { type }) };
}

function inOgg(stream: OpusStream): PreparedFile {
  const duration = opusDuration(stream);
  if (duration === 0) throw fileFailure("empty");
  const file = new Blob([writeOgg(stream)], { type: OGG });
  return { seen: { kind: "audio", type: OGG, size: file.size, ...taking(duration) }, file };
}

/** A sound or a film that has come. */
export async function listenTo(plain: Blob, found: SeenKind): Promise<ShownFile> {
  const seen: SeenFile = { ...found, size: plain.size };
  const file = plain.slice(0, plain.size, seen.type);
  if (plain.size > BYTES_MAX) return { seen, file };
  if (seen.type === OGG) {
    const duration = oggDuration(new Uint8Array(await plain.arrayBuffer()));
    return { seen: { ...seen, ...taking(duration) }, file };
  }
  // As a browser has recorded it: it would be played without an end, and nobody could go to a place in it.
  const stream = seen.type === "audio/webm" ? readWebm(new Uint8Array(await plain.arrayBuffer())) : undefined;
  if (stream !== undefined && opusDuration(stream) > 0) {
    const played = inOgg(stream);
    return { seen: { ...seen, ...taking(opusDuration(stream)) }, file, picture: played.file };
  }
  if (seen.type !== "video/mp4" && seen.type !== "audio/mp4") return { seen, file };
  const movie = await movieOf(plain);
  const type = movie?.soundOnly === true ? "audio/mp4" : seen.type;
  const kind = movie?.soundOnly === true ? "audio" : seen.kind;
  return { seen: { ...seen, kind, type, ...taking(movie?.duration) }, file: plain.slice(0, plain.size, type) };
}

function taking(duration: number | undefined): { readonly seconds?: number } {
  return duration === undefined || duration > LONGEST_MS ? {} : { seconds: duration / MS_PER_S };
}
