// T61: what can be told of a message that cannot be read

import type { Element } from "@xmpp/xml";
import type { UnreadableDraft } from "../draft.ts";
import { attribute, isStanza } from "./element.ts";
import { plausibleTime } from "./delay.ts";
import { openEnvelope, openRoomArchive, roomOf, type IngestContext } from "./envelope.ts";
import { originIdOf, stanzaIdBy } from "./ids.ts";
import { isArchiveResult } from "./mam.ts";

/** Types of messages that are no part of a conversation (RFC 6121 §5.2.2), or of that of a room we are not in. */
const NOT_KEPT: ReadonlySet<string | undefined> = new Set(["error", "headline", "groupchat"]);

/**
 * The marker for a message of which only the outline is known: the tags that say where it belongs. The same checks of
 * origin hold as for any other. Undefined where nothing is missing: no message, none that would have been kept, or one
 * that is not to be believed.
 */
export function unreadableOf(outline: Element, context: IngestContext): UnreadableDraft | undefined {
  if (!isStanza(outline, "message")) return undefined;
  const inRoom = unreadableInRoom(outline, context);
  if (inRoom !== undefined) return inRoom;
  const envelope = openEnvelope(outline, context);
  if (envelope === undefined) {
    // A wrapper from the wrong hand is nothing; a bare message without a usable sender was one all the same.
    const bare = outline.getChildElements().every((tag) => !WRAPPERS.has(tag.getName()));
    const nobody = bare && attribute(outline, "from") === undefined && !NOT_KEPT.has(attribute(outline, "type"));
    return nobody ? { kind: "unreadable", outgoing: false, at: context.now } : undefined;
  }
  const { message, chat, sender, outgoing, at, archive } = envelope;
  if (NOT_KEPT.has(attribute(message, "type"))) return undefined;
  const originId = originIdOf(message);
  return {
    kind: "unreadable",
    chat,
    sender,
    outgoing,
    at,
    ...(archive !== undefined && { archive }),
    ...(originId !== undefined && { originId }),
  };
}

/** Who said it may not be told by the outline alone; in which room it is missing can be. */
function unreadableInRoom(outline: Element, context: IngestContext): UnreadableDraft | undefined {
  const past = openRoomArchive(outline, context);
  const room = past?.room ?? (isArchiveResult(outline) ? undefined : roomOf(outline, context));
  const message = past?.result.message ?? outline;
  if (room === undefined || !room.open || attribute(message, "type") !== "groupchat") return undefined;
  const id = past?.result.id ?? (room.guards.archiveIds ? stanzaIdBy(message, room.jid) : undefined);
  return {
    kind: "unreadable",
    chat: room.jid,
    sender: room.jid,
    outgoing: false,
    at: plausibleTime(past?.result.stamp, context.now),
    ...(id !== undefined && { archive: { by: room.jid, id } }),
  };
}

const WRAPPERS: ReadonlySet<string> = new Set(["received", "sent", "result"]);
