/**
 * What was once shown stays what it was. The object may tell a message again: in another epoch, under another id, with the
 * archive's id that it has learned, at a place that it has found since. It may not tell it as another message: ratchets
 * bind a text to the device that wrote it and to nothing else, so conversation, direction, author and time would be the
 * object's to choose, each time anew (S2).
 */
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { MessageRow } from "../store/conversation-rows.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** How a row was found for an entry. */
export type FoundBy =
  /** The permanent id, which no other message has in any log. */
  | "entry"
  /** Our own name for what we have sent. */
  | "client"
  /** The same ciphertext of the same device. */
  | "cipher"
  /** An id that a server or a sender gave: proves nothing. */
  | "outside";

export type Found = { readonly row: MessageRow; readonly by: FoundBy };

/** An entry as it is told now. `ciphers`: by the author that it names, and by the one that was guessed. */
export type Told = {
  readonly entry: MessageEntry;
  readonly account: BareJid;
  readonly epoch: string;
  readonly ciphers: readonly string[];
  /** The room does not say who wrote it. */
  readonly anonymous: boolean;
};

/** `same`: the entry is this row's. `another`: a message of its own. `contradicts`: the same message, told as something else. */
export type Verdict = "same" | "another" | "contradicts";

/** What an entry is to a row that was found for it. */
export function verdictOf({ row, by }: Found, told: Told): Verdict {
  const agrees = isSamePlace(row, told) && isSameContent(row, told) && isSameMoment(row, told);
  if (agrees) return "same";
  // Ids are repeated by chance or with intent; only what was opened here is known to be one message.
  if (by === "outside") return "another";
  return by === "cipher" && !isText(row) ? "another" : "contradicts";
}

function isSamePlace(row: MessageRow, { entry, account, anonymous }: Told): boolean {
  if (row.chat !== entry.chat) return false;
  // A room that names nobody now takes nothing back of what is known.
  if (anonymous) return true;
  if (row.outgoing !== (entry.sender === account)) return !isText(row) && row.occupant !== undefined;
  const author = row.author?.jid;
  return !isText(row) || author === undefined || author === entry.sender;
}

function isSameContent(row: MessageRow, { entry, ciphers }: Told): boolean {
  const sealed = entry.content.kind === "omemo";
  if (isPruned(entry) && row.cipherKey !== undefined) return deviceOf(row.cipherKey) === sidOf(entry);
  if (row.cipherKey === undefined) return !isText(row) || row.id === undefined || row.encrypted === sealed;
  if (ciphers.length === 0) return !isText(row);
  return ciphers.some((cipher) => contentOf(cipher) === contentOf(row.cipherKey ?? ""));
}

/** Nobody has its ciphertext any more (S8): what is left says which device has written at which place. */
export function isPruned({ content }: MessageEntry): boolean {
  return content.kind === "omemo" && content.omemo.payload === "";
}

function sidOf({ content }: MessageEntry): string | undefined {
  return content.kind === "omemo" ? String(content.omemo.sid) : undefined;
}

function deviceOf(cipherKey: string): string | undefined {
  return contentOf(cipherKey).split("\n", 1)[0];
}

/** The device and the hash of its ciphertext; in a room its owner may have been learned since. */
function contentOf(cipherKey: string): string {
  return cipherKey.slice(cipherKey.lastIndexOf(".", cipherKey.indexOf("\n")) + 1);
}

function isSameMoment(row: MessageRow, { entry, epoch }: Told): boolean {
  // What could not be opened is bound by nothing yet.
  if (!isText(row)) return true;
  if (row.replaces !== entry.replaces) return false;
  // Of what this browser has sent the object says place and time, once it has taken it.
  const ours = row.key !== row.id;
  if (ours && (row.id === undefined || row.state === "waiting" || row.state === "failed")) return true;
  if (row.id === entry.id && row.epoch === epoch) {
    return row.position === entry.position && (ours || (row.at === entry.at && row.reply?.id === entry.reply?.id));
  }
  // An archive stamps in whole seconds and by another clock.
  return Math.abs(row.at - entry.at) < DAY_MS;
}

function isText({ body }: MessageRow): boolean {
  return body.kind === "text";
}
