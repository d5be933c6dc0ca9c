/** What is said of one's own file: beside its link within the encryption, or to everybody. */
import type { SharedFile } from "../../../worker/contract/media.ts";
import type { NewUpload, PutFile, SeenFile } from "../../engine/protocol/files.ts";
import { writeFileDetails } from "../../media/file-details.ts";
import { cleanName, endingOf, usualEnding } from "../../media/file-name.ts";

/** An ending that other apps need, in the small letters that a slot takes. */
const ENDING = /^[a-z0-9]{1,8}$/;
const MS_PER_S = 1_000;

/** Beside the link, as the conversation is. */
export function aboutFile(
  upload: NewUpload,
  put: PutFile,
): { readonly details?: string } | { readonly file: SharedFile } {
  return upload.encrypted ? detailsOf(upload) : { file: descriptionOf(upload, put) };
}

function detailsOf({ seen, tiny, said, name }: NewUpload): { readonly details?: string } {
  const { type, size, width, height } = seen;
  const points = width !== undefined && height !== undefined && { points: { width, height } };
  const clean = cleanName(name, seen);
  const details = writeFileDetails({ name: clean, type, size, ...points, ...(tiny && { tiny }), ...said });
  return details === undefined ? {} : { details };
}

function descriptionOf({ seen, name, said }: NewUpload, { url, size }: PutFile): SharedFile {
  const { type, width, height, kind } = seen;
  const points = width !== undefined && height !== undefined ? { width, height } : {};
  const seconds = said?.seconds ?? seen.seconds;
  const length = seconds === undefined ? {} : { length: Math.max(1, Math.round(seconds * MS_PER_S)) };
  const inline = kind !== "file" && { inline: true };
  return { url, name: cleanName(name, seen), type, size, ...points, ...length, ...inline };
}

/** Of what is shown: that of what it is. Else that of its name, for without one nobody can open it. */
export function endingFor({ type }: SeenFile, name: string): string | undefined {
  const ending = usualEnding(type) ?? endingOf(cleanName(name, undefined));
  return ENDING.test(ending) ? ending : undefined;
}
