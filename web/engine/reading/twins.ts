/**
 * Apps that speak two versions of OMEMO send what they write once in each, as two messages. One is read; the other says
 * nothing more, and is not shown beside it: it has the same id of its sender, or comes right before or after it, within
 * seconds, of the same author. Each text takes one such twin and no second one, so that what was sent in the other version
 * alone keeps its line.
 */
import type { MessageRow } from "../store/conversation-rows.ts";
import { changeChat, chatOf, deleteMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";

const APART_MS = 10_000;
/** Rows on either side that are looked at: in a busy room others write in between. */
const LOOKED_AT = 20;

/** A message in another encryption is about to be stored. True: its text is here, and it need not be. */
export async function hasTwin(unit: Unit, row: MessageRow): Promise<boolean> {
  const rows = await byTheSame(unit, row);
  const name = nameOf(row);
  const texts = rows.filter(isText);
  if (texts.some((text) => text.twin === name || isSameId(text, row) || isCorrectedBy(text, row))) return true;
  const twin = beside(rows, row).find((other) => isText(other) && other.twin === undefined);
  if (twin === undefined) {
    await changeChat(unit, row.chat, { twofold: true });
    return false;
  }
  unit.put("messages", { ...twin, twin: name }, { row: twin });
  return true;
}

/** An encrypted text is about to be stored: its twin goes. Returns the text, which remembers it. */
export async function withoutTwin(unit: Unit, row: MessageRow): Promise<MessageRow> {
  if (!row.encrypted || row.twin !== undefined || (await chatOf(unit, row.chat)).twofold !== true) return row;
  const rows = await byTheSame(unit, row);
  const named = rows.find((other) => isOther(other) && isSameId(other, row));
  const twin = named ?? beside(rows, row).find(isOther);
  if (twin === undefined) return row;
  await deleteMessage(unit, twin);
  return { ...row, twin: nameOf(twin) };
}

/** What the same author has written about that place. */
async function byTheSame(unit: Unit, row: MessageRow): Promise<readonly MessageRow[]> {
  const rows = await unit.around(row.chat, row.position, LOOKED_AT);
  return rows.filter((other) => other.key !== row.key && isSameAuthor(other, row));
}

/** What they wrote right before and right after it, at about the same time. */
function beside(rows: readonly MessageRow[], { position, at }: MessageRow): readonly MessageRow[] {
  const sorted = rows.toSorted((a, b) => a.position - b.position);
  const neighbours = [
    sorted.findLast((row) => row.position <= position),
    sorted.find((row) => row.position > position),
  ];
  return neighbours.flatMap((row) => (row !== undefined && Math.abs(row.at - at) <= APART_MS ? [row] : []));
}

/** By which it is known again, in another log as well. */
function nameOf({ archiveKey, originKey, key }: MessageRow): string {
  return archiveKey ?? originKey ?? key;
}

function isText({ body, encrypted }: MessageRow): boolean {
  return body.kind === "text" && encrypted;
}

function isOther({ body }: MessageRow): boolean {
  return body.kind === "reason" && body.reason === "other-encryption";
}

function isSameAuthor(one: MessageRow, other: MessageRow): boolean {
  return one.outgoing === other.outgoing && authorOf(one) === authorOf(other);
}

function authorOf({ author, occupant }: MessageRow): string | undefined {
  return author?.jid ?? occupant?.id ?? occupant?.nick;
}

function isSameId(one: MessageRow, other: MessageRow): boolean {
  return one.originKey !== undefined && one.originKey === other.originKey;
}

/** The text that it is to take the place of was changed already: by its twin. */
function isCorrectedBy(text: MessageRow, { replaces, originKey }: MessageRow): boolean {
  if (replaces === undefined || originKey === undefined || text.correctedAt === undefined) return false;
  return text.originKey === `${originKey.slice(0, originKey.indexOf("\n") + 1)}${replaces}`;
}
