/**
 * Which message of a room an answer means. There XEP-0461 §3.1 takes the id that the room has given to it; a browser knows
 * its own messages by the name it gave to them, for the room's comes after the entry was told. The log has both.
 */
import type { BareJid, ReplyReference } from "../../worker/contract.ts";

/** Both names of messages, as far as they are known here. */
export interface Names {
  /** The id under which the archive of `by` keeps what `sender` has sent as `originId`. */
  archiveId(by: BareJid, sender: BareJid, originId: string): string | undefined;
  /** The other way round. */
  origin(by: BareJid, archiveId: string): { readonly sender: BareJid; readonly id: string } | undefined;
}

/** As everybody in the room understands it. */
export function replyInRoom(names: Names, room: BareJid, reply: ReplyReference): ReplyReference {
  const id = reply.to && names.archiveId(room, reply.to, reply.id);
  return id === undefined ? reply : { ...reply, id };
}

/** As every browser of the account understands it; what the log does not hold keeps the room's name. */
export function replyInLog(names: Names, room: BareJid, reply: ReplyReference): ReplyReference {
  const origin = names.origin(room, reply.id);
  return origin === undefined ? reply : { ...reply, id: origin.id, to: origin.sender };
}
