/**
 * A picture of one's own, made ready to be published: the middle of it as a square, in as many points as are shown, drawn
 * anew, so that nothing of the file is left but what can be seen (no place, no camera, no date).
 */
import type { NewPicture } from "../../../worker/contract/calls.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { toBase64 } from "../../../worker/shared/base64.ts";

const SIDE = 256;
const FILE_BYTES_MAX = 50 * 1024 * 1024;
const QUALITIES = [0.92, 0.85, 0.75, 0.6, 0.4] as const;

export type MadePicture =
  | { readonly kind: "made"; readonly picture: NewPicture; readonly blob: Blob }
  | { readonly kind: "unreadable" | "too-large" };

/** `unreadable`: this browser knows no such picture; `too-large`: the file. */
export async function makePicture(file: Blob): Promise<MadePicture> {
  if (file.size > FILE_BYTES_MAX) return { kind: "too-large" };
  let drawn: ImageBitmap;
  try {
    drawn = await createImageBitmap(file);
  } catch {
    // No picture, or of a type that this browser cannot draw.
    return { kind: "unreadable" };
  }
  try {
    const blob = await smallest(drawn);
    if (blob === undefined) return { kind: "unreadable" };
    const type = blob.type === "image/png" ? "image/png" : "image/jpeg";
    const data = toBase64(await blob.arrayBuffer());
    return { kind: "made", picture: { type, data, width: SIDE, height: SIDE }, blob };
  } finally {
    drawn.close();
  }
}

/** PNG, which every app reads (XEP-0084 §3.1), where it is small enough; else JPEG, on white. */
async function smallest(drawn: ImageBitmap): Promise<Blob | undefined> {
  const exact = await squareOf(drawn, false)?.convertToBlob({ type: "image/png" });
  if (exact !== undefined && exact.size <= LIMITS.ownPictureBytes) return exact;
  const opaque = squareOf(drawn, true);
  for (const quality of QUALITIES) {
    const photo = await opaque?.convertToBlob({ type: "image/jpeg", quality });
    if (photo !== undefined && photo.size <= LIMITS.ownPictureBytes) return photo;
  }
  return undefined;
}

function squareOf(drawn: ImageBitmap, opaque: boolean): OffscreenCanvas | undefined {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const brush = canvas.getContext("2d");
  if (brush === null) return undefined;
  if (opaque) {
    brush.fillStyle = "white";
    brush.fillRect(0, 0, SIDE, SIDE);
  }
  const side = Math.min(drawn.width, drawn.height);
  const [left, top] = [(drawn.width - side) / 2, (drawn.height - side) / 2];
  brush.imageSmoothingQuality = "high";
  brush.drawImage(drawn, left, top, side, side, 0, 0, SIDE, SIDE);
  return canvas;
}
