/**
 * Which messages were decrypted and read here, for their senders (XEP-0184, XEP-0333). A pending receipt is committed with
 * the text that calls for it, and forgotten when the object has answered (`telling.ts`).
 */
import type { Receipt } from "../../../worker/contract/entries.ts";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { Unit } from "../store/unit.ts";
import type { MessageRow } from "../store/conversation-rows.ts";

/** After a long absence only the newest are sent: the senders of older ones do not wait for them any more. */
const PENDING = 1_000;
/** Rows that are read in search of the newest message of somebody else. */
const LOOKED_AT = 100;

/** Adds a receipt to those that are pending, where the sender of a text has asked for one. */
export async function notePendingReceipt(unit: Unit, row: MessageRow, state: Receipt): Promise<void> {
  const { id, outgoing, body, asks } = row;
  if (outgoing || id === undefined || body.kind !== "text" || asks?.includes(state) !== true) return;
  const owed = (await unit.meta("receipts"))?.owed ?? [];
  if (owed.some((other) => other.message === id && other.state === state)) return;
  unit.put("meta", { name: "receipts", owed: [...owed, { message: id, state }].slice(-PENDING) });
}

/** The person has seen everything up to a position: the newest message of the other side stands for those before it. */
export async function noteRead(unit: Unit, chat: BareJid, position: Position): Promise<void> {
  const row = await unit.newestOf(chat, { fits: isTheirText, upTo: position, within: LOOKED_AT });
  if (row !== undefined) await notePendingReceipt(unit, row, "read");
}

function isTheirText({ outgoing, body }: MessageRow): boolean {
  return !outgoing && body.kind === "text";
}
