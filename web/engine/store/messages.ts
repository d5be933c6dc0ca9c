/** Writing rows of a timeline: a text is never overwritten by a reason, and a conversation knows its last message. */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { NOTHING_READ } from "../protocol/conversations.ts";
import { mentionsWith } from "./mentioned.ts";
import type { Unit } from "./unit.ts";
import type { ChatRow, LastMessage, MessageRow } from "./conversation-rows.ts";

/** The conversation's row, or what it is before anything is known of it. */
export async function chatOf(unit: Unit, jid: BareJid): Promise<ChatRow> {
  return (await unit.get("chats", jid)) ?? { jid, encrypted: false, exposed: false, readTo: NOTHING_READ };
}

/** Changes a conversation's row; writes nothing when nothing changed. */
export async function changeChat(unit: Unit, jid: BareJid, change: Partial<ChatRow>): Promise<void> {
  const existing = await unit.get("chats", jid);
  const before = existing ?? (await chatOf(unit, jid));
  const same = (Object.keys(change) as (keyof ChatRow)[]).every((key) => before[key] === change[key]);
  if (!same || existing === undefined) unit.put("chats", { ...before, ...change });
}

/** Moves the read position, only ever forward. */
export async function moveReadTo(unit: Unit, jid: BareJid, position: Position): Promise<void> {
  const chat = await chatOf(unit, jid);
  if (position > chat.readTo) await changeChat(unit, jid, { readTo: position });
}

/**
 * Stores a row, keeping a text that is already there and the conversation's last message right. `known` is what stands
 * there now, for a caller who has just looked.
 */
export async function putMessage(
  unit: Unit,
  row: MessageRow,
  known?: { readonly row: MessageRow | undefined },
): Promise<MessageRow> {
  const before = known ? known.row : await unit.get("messages", row.key);
  const kept: MessageRow =
    before?.body.kind === "text" && row.body.kind === "reason"
      ? { ...row, body: before.body, hidden: before.hidden }
      : row;
  unit.put("messages", kept, { row: before });
  await noteMention(unit, kept);
  if (kept.hidden !== 0) {
    if (before?.hidden === 0) await refreshLast(unit, kept.chat);
    return kept;
  }
  // What a room says of itself is nobody's last word.
  if (kept.body.kind === "reason" && kept.body.reason === "room") return kept;
  // A correction on its way is shown in the place of the message that it corrects, so it is never the last one.
  if (kept.edits !== undefined) return kept;
  const { last } = await chatOf(unit, kept.chat);
  const movedBack = before !== undefined && last?.key === kept.key && kept.position < before.position;
  if (movedBack && !unit.isLast(kept)) await refreshLast(unit, kept.chat);
  else if (last === undefined || last.key === kept.key || kept.position >= last.position) {
    await changeChat(unit, kept.chat, { last: lastOf(kept) });
  }
  return kept;
}

async function noteMention(unit: Unit, row: MessageRow): Promise<void> {
  if (row.author === undefined) return;
  const chat = await chatOf(unit, row.chat);
  const mentions = await mentionsWith(unit, row, chat);
  if (mentions !== chat.mentions) await changeChat(unit, row.chat, { mentions });
}

/**
 * What a message is after the person has deleted it here: no text, nothing that could still be opened, and every name by
 * which it is known again.
 */
export function deletedRow(row: MessageRow): MessageRow {
  const { sealed: _sealed, retryKey: _retryKey, quote: _quote, earlier: _earlier, ...rest } = row;
  const { shared: _shared, seen: _seen, ...names } = rest;
  return { ...names, body: { kind: "text", text: "" }, hidden: 2, counted: 0 };
}

/** Deletes a row; the conversation's last message is looked up again. */
export async function deleteMessage(unit: Unit, row: MessageRow): Promise<void> {
  unit.delete("messages", row.key, row);
  await refreshLast(unit, row.chat);
}

/** The conversation’s last message is looked up again. */
export async function refreshLast(unit: Unit, jid: BareJid): Promise<void> {
  const newest = await unit.newest(jid);
  await changeChat(unit, jid, { last: newest && lastOf(newest) });
}

function lastOf({
  key,
  at,
  outgoing,
  body,
  state,
  position,
  author,
  retracted,
  unstyled,
  shared,
  seen,
  whisper,
}: MessageRow): LastMessage {
  const file = { ...(shared && { shared }), ...(seen && { seen }) };
  const rest = { ...(retracted && { retracted }), ...(unstyled && { unstyled }), ...(whisper && { whisper }), ...file };
  return { key, at, outgoing, body, state, position, author, ...rest };
}
