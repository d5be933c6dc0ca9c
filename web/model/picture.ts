/**
 * Whether bytes that somebody else chose may be drawn as a picture: they are the ones that were named, of a type that runs
 * nothing, whole, and of a size that costs no more than it shows. Decided before any decoder sees them.
 */
import type { PictureId } from "../../worker/contract/names.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { toHex } from "../../worker/shared/hex.ts";
import { pictureSize, pictureType, type Size } from "../media/picture-header.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Points of either side: what is drawn takes four bytes each, whatever the file is. */
const SIDE_MAX = 2_048;

/** The same of a picture that no hash names: it came with the form of a server, and says nothing of anybody. */
export function drawablePicture(bytes: Bytes): Blob | undefined {
  if (bytes.length > LIMITS.pictureBytes) return undefined;
  const type = pictureType(bytes);
  const size = type && pictureSize(bytes, type);
  return type === undefined || size === undefined || !isModest(size) ? undefined : new Blob([bytes], { type });
}

/** A picture that may be drawn; undefined where these bytes are not the named ones, or are none, or too large. */
export async function drawable(bytes: Bytes, id: PictureId): Promise<Blob | undefined> {
  const blob = drawablePicture(bytes);
  return blob !== undefined && (await hashOf(bytes)) === id ? blob : undefined;
}

/** SHA-1 names a picture (XEP-0084 §3.1); nothing is kept safe by it. */
async function hashOf(bytes: Bytes): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)));
}

function isModest({ width, height }: Size): boolean {
  return width > 0 && height > 0 && width <= SIDE_MAX && height <= SIDE_MAX;
}
