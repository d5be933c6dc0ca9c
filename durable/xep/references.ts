// XEP-0308: Last Message Correction, version 1.2.2. XEP-0461: Message Replies, version 0.2.0. XEP-0428, version 0.2.1

import xml, { type Element } from "@xmpp/xml";
import type { MessageEntry, ReplyReference } from "../../worker/contract/entries.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { attribute, child, children, integer } from "./element.ts";
import { parseAct } from "./about-another.ts";
import { usableId } from "./ids.ts";
import { bareOf } from "../../worker/shared/jid.ts";

export const NS_CORRECTION = "urn:xmpp:message-correct:0";
export const NS_REPLY = "urn:xmpp:reply:0";
const NS_FALLBACK = "urn:xmpp:fallback:0";

export type References = Pick<MessageEntry, "replaces" | "reply" | "act">;

/**
 * Which other message a message speaks of. Legacy OMEMO leaves these elements in clear: they are the servers' word as
 * much as the sender's, and whoever uses them checks whose message they name.
 */
export function parseReferences(message: Element): References {
  const replaces = parseReplace(message);
  const reply = parseReply(message);
  const act = parseAct(message);
  return { ...(replaces !== undefined && { replaces }), ...(reply && { reply }), ...(act && { act }) };
}

/** One that names itself corrects nothing; with several nobody knows which is meant. */
function parseReplace(message: Element): string | undefined {
  const [replace, ...more] = children(message, "replace", NS_CORRECTION);
  const id = usableId(replace && attribute(replace, "id"));
  return more.length > 0 || id === attribute(message, "id") ? undefined : id;
}

function parseReply(message: Element): ReplyReference | undefined {
  const reply = child(message, "reply", NS_REPLY);
  const id = usableId(reply && attribute(reply, "id"));
  if (reply === undefined || id === undefined) return undefined;
  const to = bareOf(attribute(reply, "to") ?? "");
  const quote = parseQuote(message);
  return { id, ...(to !== undefined && { to }), ...(quote && { quote }) };
}

/** The stretch of the body that only repeats what is answered. */
function parseQuote(message: Element): ReplyReference["quote"] {
  const fallback = children(message, "fallback", NS_FALLBACK).find((one) => attribute(one, "for") === NS_REPLY);
  const body = fallback && child(fallback, "body", NS_FALLBACK);
  const start = integer(body && attribute(body, "start"), 0, LIMITS.textLength);
  const end = integer(body && attribute(body, "end"), 0, LIMITS.textLength);
  return start === undefined || end === undefined || end <= start ? undefined : { start, end };
}

/** The elements that say the same in a message of ours. */
export function buildReferences({ replaces, reply }: References): readonly Element[] {
  const quote = reply?.quote;
  return [
    ...(replaces === undefined ? [] : [xml("replace", { xmlns: NS_CORRECTION, id: replaces })]),
    ...(reply === undefined ? [] : [xml("reply", { xmlns: NS_REPLY, id: reply.id, to: reply.to })]),
    ...(quote === undefined
      ? []
      : [
          xml(
            "fallback",
            { xmlns: NS_FALLBACK, for: NS_REPLY },
            xml("body", { start: String(quote.start), end: String(quote.end) }),
          ),
        ]),
  ];
}
