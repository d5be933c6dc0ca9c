/** When two stanza events are one message, beside the ids they carry. Pure. */
import type { MessageContent } from "../../worker/contract/entries.ts";
import type { MessageEvent, UnreadableEvent } from "../ingest/stanza-event.ts";
import type { MessageDetail, Row } from "./entry-row.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";

/**
 * Whether the entry with an event's ids is the same message: some clients restart their ids in each session. Unreadable
 * ones have no content to compare, so two archive ids are two messages.
 */
export function isSame(row: Row, event: MessageEvent | UnreadableEvent): boolean {
  if (event.kind === "message")
    return sameContent(row.content, event.content) && sameAct(row.detail, event) && sameOccupant(row.detail, event);
  return row.kind === "gap" && (row.archive_id === null || event.archive === undefined);
}

/**
 * In a room that hides addresses the sender is the room for everybody, so an origin-id counts together with the
 * occupant (XEP-0421, else the nickname).
 */
function sameOccupant(detail: string, { chat, sender, occupant }: MessageEvent): boolean {
  if (occupant === undefined || sender !== chat) return true;
  const stored = (JSON.parse(detail) as MessageDetail).occupant;
  if (stored?.id !== undefined && occupant.id !== undefined) return stored.id === occupant.id;
  return stored?.nick === occupant.nick;
}

/** What it is about may be named otherwise in the log (`reply-names.ts`); what is done may not. */
function sameAct(detail: string, { act }: MessageEvent): boolean {
  const stored = (JSON.parse(detail) as MessageDetail).act;
  const emojisOf = (one: typeof act) => (one?.kind === "reactions" ? one.emojis.join(" ") : "");
  return stored?.kind === act?.kind && emojisOf(stored) === emojisOf(act);
}

/** The keys of a header are left out: those kept depend on the browsers there were when it came. */
function sameContent(stored: string | null, content: MessageContent): boolean {
  if (stored === null) return false;
  const before = JSON.parse(stored) as MessageContent;
  // Of a pruned one the IV is left, which nobody uses twice.
  if (before.kind === "omemo" && content.kind === "omemo" && before.omemo.payload === "")
    return before.omemo.sid === content.omemo.sid && before.omemo.iv === content.omemo.iv;
  return identity(before) === identity(content);
}

function identity(content: MessageContent): string {
  switch (content.kind) {
    case "omemo":
      return JSON.stringify([content.omemo.sid, content.omemo.iv, content.omemo.payload]);
    case "clear":
      return JSON.stringify([content.text]);
    case "unreadable":
      return content.why;
    case "happening":
      return content.what;
    case "room":
      return JSON.stringify(content.what);
    case "none":
      return "";
    default:
      return missingCase(content);
  }
}
