/**
 * Pictures are looked at before any decoder sees them, and drawn anew: of one's own so that nothing is left but what can be seen
 * (no place, no camera, no date), of others so that a conversation of many holds no more points than it shows.
 */
import type { PictureQuality, PreparedFile, SeenFile, ShownFile } from "../protocol/files.ts";
import { KIND_BYTES, kindOf, NEUTRAL_TYPE } from "../../media/file-kind.ts";
import { withoutNotes } from "../../media/gif.ts";
import { pictureSize, type PictureType, type Size } from "../../media/picture-header.ts";
import { writeTinyPicture } from "../../media/tiny-picture.ts";
import { firstBytes } from "./opening.ts";
import { listenTo } from "./sounds.ts";

/** Bytes of a picture; what is larger is a file to be saved. */
const BYTES_MAX = 64 * 1024 * 1024;
/** Points of either side, and of all: each takes four bytes, whatever the file is. */
const SIDE_MAX = 16_384;
const POINTS_MAX = 50_000_000;
/** One that moves is drawn by the browser again and again. */
const MOVING_SIDE_MAX = 4_096;
const MOVING_BYTES_MAX = 24 * 1024 * 1024;
/** Of the longer side: in a conversation on a fine screen, in the tray, as it is sent. */
const SHOWN_SIDE = 1_280;
const TRAY_SIDE = 320;
const SENT_SIDE = 1_920;
/** Of what a tiny picture is made of. */
const TINY_SIDE = 100;
const SHOWN_QUALITY = 0.85;
const SENT_QUALITY = { smaller: 0.85, original: 0.95 } as const;
/** Parts of the side, and with which quality. */
const SMALLER_AND_SMALLER = [
  [1, 0.7],
  [0.8, 0.55],
  [0.5, 0.5],
] as const;
/** A drawing that is larger than this without loss goes as a photo. */
const DRAWING_BYTES_MAX = 2 * 1024 * 1024;

/** What it is, and of a picture what is drawn in the conversation. `plain` is given the type that it is shown as. */
export async function lookAt(plain: Blob): Promise<ShownFile> {
  const { kind, type } = kindOf(await firstBytes(plain, KIND_BYTES));
  const file = plain.slice(0, plain.size, type);
  if (kind === "audio" || kind === "video") return listenTo(plain, { kind, type });
  if (kind !== "image") return { seen: { kind, type, size: plain.size }, file };
  const drawn = await draw(plain, type as PictureType);
  if (drawn === undefined) return saved(plain);
  try {
    const { width, height } = drawn;
    const seen: SeenFile = { kind, type, size: plain.size, width, height };
    const moves = type === "image/gif";
    const small = Math.max(width, height) <= SHOWN_SIDE;
    if (moves || small) return { seen, file };
    const picture = await painted(drawn, SHOWN_SIDE, type === "image/jpeg" ? type : "image/webp", SHOWN_QUALITY);
    return picture === undefined ? saved(plain) : { seen, file, picture };
  } finally {
    drawn.close();
  }
}

/** Whatever is not shown: its type says nothing, and no browser makes anything of it. */
function saved(plain: Blob): ShownFile {
  const seen = { kind: "file", type: NEUTRAL_TYPE, size: plain.size } as const;
  return { seen, file: plain.slice(0, plain.size, NEUTRAL_TYPE) };
}

/** One's own file as it is to be sent. */
export async function prepare(file: Blob, quality: PictureQuality): Promise<PreparedFile> {
  const { kind, type } = kindOf(await firstBytes(file, KIND_BYTES));
  if (kind === "audio" || kind === "video") {
    const { seen, file: sent } = await listenTo(file, { kind, type });
    return { seen, file: sent };
  }
  const drawn = kind === "image" ? await draw(file, type as PictureType) : undefined;
  if (drawn === undefined) {
    const shown = kind === "image" ? saved(file).seen : { kind, type, size: file.size };
    return { seen: shown, file: file.slice(0, file.size, shown.type) };
  }
  try {
    const sent = await toSend(file, drawn, type as PictureType, quality);
    // All that is small is drawn out of a small one: to go over every point once more takes longer than the rest.
    const { width: across, height: down } = fitting(drawn, TRAY_SIDE);
    const small = await createImageBitmap(drawn, { resizeWidth: across, resizeHeight: down, resizeQuality: "medium" });
    const picture = await painted(small, TRAY_SIDE, "image/webp", SHOWN_QUALITY);
    const { width, height } = fitting(drawn, quality === "smaller" && type !== "image/gif" ? SENT_SIDE : SIDE_MAX);
    const seen: SeenFile = { kind: "image", type: sent.type, size: sent.size, width, height };
    const tiny = type !== "image/jpeg" && shinesThrough(small) ? undefined : tinyOf(small);
    small.close();
    return { seen, file: sent, ...(picture && { picture }), ...(tiny && { tiny }) };
  } finally {
    drawn.close();
  }
}

/** What its place shows until it is there. */
function tinyOf(drawn: ImageBitmap): Uint8Array<ArrayBuffer> | undefined {
  const size = fitting(drawn, TINY_SIDE);
  const brush = new OffscreenCanvas(size.width, size.height).getContext("2d");
  if (brush === null) return undefined;
  brush.drawImage(drawn, 0, 0, size.width, size.height);
  return writeTinyPicture({ ...size, data: brush.getImageData(0, 0, size.width, size.height).data });
}

/** A photo stays one, a drawing stays sharp, what moves goes on moving. */
async function toSend(file: Blob, drawn: ImageBitmap, type: PictureType, quality: PictureQuality): Promise<Blob> {
  if (type === "image/gif") {
    const cut = withoutNotes(new Uint8Array(await file.arrayBuffer()));
    if (cut !== undefined) return new Blob([cut], { type });
  }
  const side = quality === "smaller" ? SENT_SIDE : SIDE_MAX;
  const photo = () => painted(drawn, side, "image/jpeg", SENT_QUALITY[quality]);
  if (type === "image/jpeg") return (await photo()) ?? failed();
  const sharp = await painted(drawn, side, "image/png");
  if (sharp === undefined) return failed();
  const large = quality === "smaller" && sharp.size > DRAWING_BYTES_MAX;
  // JPEG knows no glass: what shines through stays a drawing.
  return large && !shinesThrough(drawn) ? ((await photo()) ?? sharp) : sharp;
}

function failed(): never {
  throw new Error("this browser draws no pictures");
}

/** In a square of so many points, and at most so many bytes; undefined: it is no picture, or does not fit. */
export async function smallPicture(
  file: Blob,
  side: number,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { kind, type } = kindOf(await firstBytes(file, KIND_BYTES));
  const drawn = kind === "image" ? await draw(file, type as PictureType) : undefined;
  if (drawn === undefined) return undefined;
  try {
    for (const [points, quality] of SMALLER_AND_SMALLER) {
      const blob = await painted(drawn, Math.round(side * points), "image/jpeg", quality);
      if (blob !== undefined && blob.size <= most) return new Uint8Array(await blob.arrayBuffer());
    }
    return undefined;
  } finally {
    drawn.close();
  }
}

/** Decoded, turned as it is to be seen; undefined: it is not whole, costs more than it shows, or this browser cannot. */
async function draw(file: Blob, type: PictureType): Promise<ImageBitmap | undefined> {
  if (file.size > (type === "image/gif" ? MOVING_BYTES_MAX : BYTES_MAX)) return undefined;
  const size = pictureSize(new Uint8Array(await file.arrayBuffer()), type);
  if (size === undefined || !isBearable(size, type)) return undefined;
  try {
    const drawn = await createImageBitmap(file.slice(0, file.size, type));
    // Whatever the header has said.
    if (isBearable(drawn, type)) return drawn;
    drawn.close();
  } catch {
    // No picture after all.
  }
  return undefined;
}

/** Whether what is drawn of it fits into what a picture may cost. */
function isBearable({ width, height }: Size, type: PictureType): boolean {
  const most = type === "image/gif" ? MOVING_SIDE_MAX : SIDE_MAX;
  return width > 0 && height > 0 && width <= most && height <= most && width * height <= POINTS_MAX;
}

/** As large as it is, or smaller so that its longer side fits. */
function fitting({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function painted(drawn: ImageBitmap, side: number, type: string, quality?: number): Promise<Blob | undefined> {
  const { width, height } = fitting(drawn, side);
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext("2d");
  if (brush === null) return undefined;
  if (type === "image/jpeg") {
    brush.fillStyle = "white";
    brush.fillRect(0, 0, width, height);
  }
  brush.imageSmoothingQuality = "high";
  brush.drawImage(drawn, 0, 0, width, height);
  return canvas.convertToBlob({ type, ...(quality !== undefined && { quality }) });
}

function shinesThrough(drawn: ImageBitmap): boolean {
  const { width, height } = fitting(drawn, TRAY_SIDE);
  const brush = new OffscreenCanvas(width, height).getContext("2d");
  brush?.drawImage(drawn, 0, 0, width, height);
  const points = brush?.getImageData(0, 0, width, height).data ?? [];
  for (let at = 3; at < points.length; at += 4) if (points[at] !== 255) return true;
  return false;
}
