/**
 * The id by which a reply, a reaction or a retraction names a message of a room. XEP-0461 §3.1 and its like want the archive id that the room has given it; a
 * browser knows its own messages by their origin-id, because the archive id comes after the entry. The log has both.
 */
import type { ActTarget } from "../../worker/contract/entries.ts";
import type { BareJid, EntryId } from "../../worker/contract/names.ts";

/** Both ids of messages, as far as the log has them. */
export interface Names {
  /** The id under which the archive of `by` keeps what `sender` has sent as `originId`. */
  archiveId(by: BareJid, sender: BareJid, originId: string): string | undefined;
  /** Who sent what the archive of `by` keeps under this id, and as which origin-id. */
  origin(by: BareJid, archiveId: string): { readonly sender: BareJid; readonly id: string } | undefined;
  /** The entry of what the archive of `by` keeps under this id. */
  archived(by: BareJid, archiveId: string): EntryId | undefined;
}

/** With the archive id, which every occupant understands. */
export function replyInRoom<Reference extends ActTarget>(names: Names, room: BareJid, reply: Reference): Reference {
  const id = reply.to && names.archiveId(room, reply.to, reply.id);
  return id === undefined ? reply : { ...reply, id };
}

/**
 * With the origin-id, which every browser of the account understands; a message that the log does not have keeps its
 * archive id.
 */
export function replyInLog<Reference extends ActTarget>(names: Names, room: BareJid, reply: Reference): Reference {
  const origin = names.origin(room, reply.id);
  return origin === undefined ? reply : { ...reply, id: origin.id, to: origin.sender };
}

/** The same of what an act is about. Of its names the archive id alone is the room's word: the entry that it means is told. */
export function targetInLog(names: Names, chat: BareJid, of: ActTarget): ActTarget {
  const entry = names.archived(chat, of.id);
  return { ...replyInLog(names, chat, of), ...(entry !== undefined && { entry }) };
}
