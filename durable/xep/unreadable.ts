// T61: what can be told of a message that cannot be read

import type { Element } from "@xmpp/xml";
import type { UnreadableDraft } from "../draft.ts";
import { attribute, isStanza } from "./element.ts";
import { openEnvelope, type IngestContext } from "./envelope.ts";
import { originIdOf } from "./ids.ts";

/** Types of messages that are no part of a conversation (RFC 6121 §5.2.2), or of a room's, which are not kept yet. */
const NOT_KEPT: ReadonlySet<string | undefined> = new Set(["error", "headline", "groupchat"]);

/**
 * The marker for a message of which only the outline is known: the tags that say where it belongs. The same checks of
 * origin hold as for any other. Undefined where nothing is missing: no message, none that would have been kept, or one
 * that is not to be believed.
 */
export function unreadableOf(outline: Element, context: IngestContext): UnreadableDraft | undefined {
  if (!isStanza(outline, "message")) return undefined;
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

const WRAPPERS: ReadonlySet<string> = new Set(["received", "sent", "result"]);
