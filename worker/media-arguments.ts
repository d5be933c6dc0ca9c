/** The shapes and limits of what browsers say of files. */
import * as v from "valibot";
import { FILE_LIMITS, type FileWanted, type SharedFile, type SlotWanted } from "./contract/media.ts";
import type { EntryId } from "./contract/names.ts";

const size = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(Number.MAX_SAFE_INTEGER));
const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
/** RFC 6838 §4.2, without parameters. */
const type = v.pipe(
  v.string(),
  v.maxLength(FILE_LIMITS.typeLength),
  v.regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/),
);
/** Whether anything is fetched from there shows later. */
const link = v.pipe(
  v.string(),
  v.maxLength(FILE_LIMITS.linkLength),
  v.regex(/^https?:\/\/[\x21\x22\x24-\x7e]+$/),
  v.check((url) => URL.canParse(url), "not a link"),
);

/** One of 0 bytes is refused with words by the object. */
export const fileSlot = v.strictObject({
  size: size(0),
  ending: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9]{1,8}$/))),
  type: v.optional(type),
}) satisfies v.GenericSchema<unknown, SlotWanted>;

export const fileWanted = v.strictObject({
  message: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f-]{36}$/),
    v.transform((id) => id as EntryId),
  ),
  url: link,
}) satisfies v.GenericSchema<unknown, FileWanted>;

/** Of a message in clear. */
export const sharedFile = v.strictObject({
  url: link,
  name: v.optional(text(FILE_LIMITS.nameLength)),
  type: v.optional(type),
  size: v.optional(size(0)),
  width: v.optional(size(1)),
  height: v.optional(size(1)),
  length: v.optional(v.pipe(size(1), v.maxValue(FILE_LIMITS.longestMs))),
  description: v.optional(text(FILE_LIMITS.descriptionLength)),
  hash: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/))),
  inline: v.optional(v.boolean()),
}) satisfies v.GenericSchema<unknown, SharedFile>;
