/** Pictures of people and rooms by their names. */
import type { PictureId } from "../contract/names.ts";

/** Undefined for anything that is no SHA-1 in small hex digits. */
export function pictureId(text: string): PictureId | undefined {
  return /^[0-9a-f]{40}$/.test(text) ? (text as PictureId) : undefined;
}
