/** Which rows can be handed over, and which are to be filled in. */
import type { EntryId } from "../../../worker/contract/names.ts";
import type { Reason } from "../protocol/conversations.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import type { MessageText } from "./record.ts";

/**
 * Why a text is missing that another own browser may have. What is about to be opened here, what somebody has to decide about
 * and what no browser of ours can read is not asked for.
 */
const MISSING: ReadonlySet<Reason> = new Set<Reason>([
  "before-device",
  "not-for-us",
  "while-away",
  "not-allowed",
  "no-session",
  "broken-session",
  "own-text-lost",
]);

/** A row that is to be filled in: encrypted, known by its entry, with no text, and not deleted here. */
export function isHole(row: MessageRow): row is MessageRow & { readonly id: EntryId } {
  const { body, encrypted, hidden, id } = row;
  return encrypted && id !== undefined && hidden !== 2 && body.kind === "reason" && MISSING.has(body.reason);
}

/** A text that was encrypted and has arrived: what was said in clear every browser has from the log. */
export function isReadable(row: MessageRow): boolean {
  const { body, encrypted, hidden, edits, state, id } = row;
  const arrived = id !== undefined && edits === undefined && state !== "waiting" && state !== "failed";
  return encrypted && arrived && hidden === 0 && body.kind === "text" && body.text !== "";
}

/** `idOf`: the entry of the row under a key, which is a browser's own name for it. */
export async function recordOf(
  row: MessageRow,
  idOf: (key: string) => Promise<EntryId | undefined>,
): Promise<MessageText> {
  const { id, archiveKey, cipherKey, originKey, chat, at, outgoing, author, body, quote, edited, doubt } = row;
  const { correctedBy, unstyled, seen, earlier, corrections } = row;
  const { key, outgoing: own = false, text, author: quoted, gone } = quote ?? {};
  const answered = key === undefined ? undefined : await idOf(key);
  return {
    ...{ id, archive: archiveKey, cipher: cipherOf(cipherKey), origin: originKey, chat, at, own: outgoing, doubt },
    ...{ by: author?.jid, ...textOf(body), unstyled, seen, earlier, corrections },
    ...(quote && { quote: { id: answered, own, text, author: quoted, gone } }),
    ...(edited && { editedAt: row.editedAt, correctedAt: row.correctedAt, newest: newestOf(corrections, correctedBy) }),
  };
}

function textOf(body: MessageRow["body"]): Pick<MessageText, "text" | "details"> {
  if (body.kind !== "text") return { text: "" };
  return { text: body.text, ...(body.details !== undefined && { details: body.details }) };
}

/** The other way round. */
export function bodyOf({ text, details }: MessageText): MessageRow["body"] {
  return { kind: "text", text, ...(details !== undefined && { details }) };
}

/** The device and the hash of a ciphertext, without whom it is believed to be of. */
export function cipherOf(cipherKey: string | undefined): string | undefined {
  if (cipherKey === undefined) return undefined;
  return cipherKey.slice(cipherKey.lastIndexOf(".", cipherKey.indexOf("\n")) + 1);
}

/** The entry of the newest correction. A browser that has sent it itself knows it by a name of its own; its entry is among the names. */
function newestOf(corrections: readonly string[] = [], correctedBy: string | undefined): string | undefined {
  if (correctedBy !== undefined && corrections.includes(correctedBy)) return correctedBy;
  return corrections.findLast((name) => !name.includes("\n"));
}
