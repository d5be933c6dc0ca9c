/**
 * What one browser hands over of a message that another one cannot read: by which names that one finds its row again, and what
 * was read. No key of this browser, no session, nothing that would open anything else.
 *
 * Written as JSON with one letter a field, since there are tens of thousands. Whoever reads it takes nothing that does not fit:
 * what is wrong in one field makes the whole record nothing.
 */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid, EntryId, Position, Time } from "../../../worker/contract/names.ts";
import type { EarlierText } from "../protocol/conversations.ts";
import type { SeenFile } from "../protocol/files.ts";
import { DETAILS_LENGTH } from "../../media/message-details.ts";
import { fieldsIn, fieldsOf, type Fields, has, isSet, listIn, numberIn, textIn } from "./fields.ts";

/** Earlier texts, and names of corrections, that a row keeps (`reading/references.ts`). */
const EARLIER = 20;
const CORRECTIONS = 60;
/** Two addresses and an id at the most. */
const NAME = 2 * LIMITS.addressLength + LIMITS.referenceLength + 2;
/** Texts may have been longer where another client wrote them. */
const TEXT = LIMITS.payloadLength;
const TYPE = 100;
const SIDE = 1_000_000;

/** Any of them names the message; `cipher` is the device and the hash of its ciphertext, as of `MessageRow.cipherKey`. */
export type RecordNames = {
  readonly id?: EntryId | undefined;
  readonly archive?: string | undefined;
  readonly cipher?: string | undefined;
  readonly origin?: string | undefined;
};

export type MessageText = RecordNames & {
  readonly chat: BareJid;
  readonly at: Time;
  readonly own: boolean;
  /** In a room: who wrote it. */
  readonly by?: string | undefined;
  readonly text: string;
  /** What its author says beside it, within the encryption. */
  readonly details?: string | undefined;
  readonly unstyled?: true | undefined;
  readonly seen?: SeenFile | undefined;
  /** What it answers, by its entry. */
  readonly quote?: QuotedText | undefined;
  readonly earlier?: readonly EarlierText[] | undefined;
  readonly editedAt?: Time | undefined;
  readonly correctedAt?: Position | undefined;
  readonly corrections?: readonly string[] | undefined;
  /** The entry of the correction whose text it is. */
  readonly newest?: string | undefined;
  readonly doubt?: "undecided" | "distrusted" | undefined;
};

type QuotedText = {
  readonly id?: EntryId | undefined;
  readonly own: boolean;
  readonly text?: string | undefined;
  readonly author?: string | undefined;
  readonly gone?: true | undefined;
};

/** As it is written. */
export function writeRecord(record: MessageText): Fields {
  const { id, archive, cipher, origin, chat, at, own, by, text, unstyled, seen, quote, earlier, doubt } = record;
  return {
    ...{ i: id, a: archive, c: cipher, o: origin, h: chat, t: at, w: flag(own), b: by, x: text, u: flag(unstyled) },
    ...{ s: seen, v: earlier?.map((one) => [one.text, one.at]), e: record.editedAt, p: record.correctedAt },
    ...{ n: record.corrections, l: record.newest, d: doubt, m: record.details },
    q: quote && { i: quote.id, w: flag(quote.own), x: quote.text, b: quote.author, g: flag(quote.gone) },
  };
}

function flag(set: boolean | undefined): 1 | undefined {
  return set === true ? 1 : undefined;
}

/** Undefined: it is none. */
export function readRecord(value: unknown): MessageText | undefined {
  const fields = fieldsIn(value);
  if (fields === undefined) return undefined;
  const chat = textIn(fields, "h", LIMITS.addressLength);
  const text = textIn(fields, "x", TEXT);
  const at = timeIn(fields, "t");
  const [earlier, corrections] = [listIn(fields, "v", EARLIER, earlierOf), listIn(fields, "n", CORRECTIONS, nameOf)];
  const [quote, seen, doubt] = [quoteIn(fields), seenIn(fields), textIn(fields, "d", TYPE)];
  if (chat === undefined || chat === "" || text === undefined || text === "" || at === undefined) return undefined;
  const unfit =
    (has(fields, "v") && earlier === undefined) ||
    (has(fields, "n") && corrections === undefined) ||
    (has(fields, "q") && quote === undefined) ||
    (has(fields, "s") && seen === undefined) ||
    (doubt !== undefined && doubt !== "undecided" && doubt !== "distrusted");
  if (unfit) return undefined;
  return {
    id: textIn(fields, "i", LIMITS.referenceLength) as EntryId | undefined,
    archive: textIn(fields, "a", NAME),
    cipher: textIn(fields, "c", NAME),
    origin: textIn(fields, "o", NAME),
    chat: chat as BareJid,
    ...{ at, own: isSet(fields, "w"), by: textIn(fields, "b", NAME), text, unstyled: trueIn(fields, "u"), seen, quote },
    details: textIn(fields, "m", DETAILS_LENGTH),
    ...{ earlier, corrections, doubt, editedAt: timeIn(fields, "e"), newest: textIn(fields, "l", NAME) },
    correctedAt: numberIn(fields, "p", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) as Position | undefined,
  };
}

function trueIn(fields: Fields, name: string): true | undefined {
  return isSet(fields, name) || undefined;
}

/** A moment that JavaScript has a date for. */
function timeIn(fields: Fields, name: string): Time | undefined {
  return numberIn(fields, name, 0, 8.64e15);
}

function nameOf(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= NAME ? value : undefined;
}

function earlierOf(value: unknown): EarlierText | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [text, at] = value as readonly unknown[];
  const fits = typeof text === "string" && text.length <= TEXT && typeof at === "number" && at >= 0 && at <= 8.64e15;
  return fits ? { text, at } : undefined;
}

function quoteIn(fields: Fields): QuotedText | undefined {
  const quote = fieldsOf(fields, "q");
  return (
    quote && {
      id: textIn(quote, "i", LIMITS.referenceLength) as EntryId | undefined,
      own: isSet(quote, "w"),
      text: textIn(quote, "x", TEXT),
      author: textIn(quote, "b", LIMITS.addressLength),
      gone: trueIn(quote, "g"),
    }
  );
}

function seenIn(fields: Fields): SeenFile | undefined {
  const seen = fieldsOf(fields, "s");
  if (seen === undefined) return undefined;
  const [kind, type] = [textIn(seen, "kind", TYPE), textIn(seen, "type", TYPE)];
  const size = numberIn(seen, "size", 0, Number.MAX_SAFE_INTEGER);
  const [width, height] = [numberIn(seen, "width", 1, SIDE), numberIn(seen, "height", 1, SIDE)];
  const name = textIn(seen, "name", LIMITS.nameLength);
  if (kind !== "image" && kind !== "audio" && kind !== "video" && kind !== "file") return undefined;
  if (type === undefined || size === undefined) return undefined;
  const sides = width !== undefined && height !== undefined && { width, height };
  return { kind, type, size, ...sides, ...(name !== undefined && { name }) };
}
