// T61: what can be told of a message that cannot be read

import type { Element } from "@xmpp/xml";
import type { UnreadableEvent } from "./stanza-event.ts";
import { attribute, isStanza } from "../xep/element.ts";
import { isCarbon } from "../xep/carbons.ts";
import { plausibleTime } from "../xep/delay.ts";
import { openEnvelope, openRoomArchive, roomOf, type IngestContext } from "./envelope.ts";
import { parseForwarded } from "../xep/forward.ts";
import { originIdOf, stanzaIdBy } from "../xep/ids.ts";
import { bareOf } from "../../worker/shared/jid.ts";
import { claimedResult, isArchiveResult } from "../xep/mam.ts";

/** Types of messages that are no part of a conversation (RFC 6121 §5.2.2), or of that of a room we are not in. */
const NOT_KEPT: ReadonlySet<string | undefined> = new Set(["error", "headline", "groupchat"]);

/**
 * The marker for a message of which only the outline is known: the tags that say where it belongs. The same checks of
 * origin hold as for any other. Undefined where nothing is missing: no message, none that would have been kept, or one
 * that is not to be believed.
 */
export function unreadableOf(outline: Element, context: IngestContext): UnreadableEvent | undefined {
  if (!isStanza(outline, "message")) return undefined;
  const inRoom = unreadableInRoom(outline, context);
  if (inRoom !== undefined) return inRoom;
  const envelope = openEnvelope(outline, context);
  if (envelope === undefined) return nameless(outline, context);
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
function unreadableInRoom(outline: Element, context: IngestContext): UnreadableEvent | undefined {
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

/**
 * A result of our own archive of which not even the message's own tag can be read, or a message without a sender: one
 * was there. Any other wrapper from the wrong hand is nothing.
 */
function nameless(outline: Element, { account, now, openQueries }: IngestContext): UnreadableEvent | undefined {
  const marker = { kind: "unreadable", outgoing: false, at: now } as const;
  const from = attribute(outline, "from");
  const result = claimedResult(outline);
  if (result) {
    const ours = openQueries.get(result.queryId) === account && (from === undefined || bareOf(from) === account);
    return ours && !hasForwarded(outline) ? { ...marker, archive: { by: account, id: result.id } } : undefined;
  }
  const bare = from === undefined && !isCarbon(outline) && !isArchiveResult(outline);
  return bare && !NOT_KEPT.has(attribute(outline, "type")) ? marker : undefined;
}

function hasForwarded(outline: Element): boolean {
  const result = outline.getChildElements().find((tag) => tag.getName() === "result");
  return result !== undefined && parseForwarded(result) !== undefined;
}
