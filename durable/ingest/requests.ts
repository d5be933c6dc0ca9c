// RFC 6120 §8.2.3: every request is answered, exactly once; RFC 6121 §2.1.6: roster pushes

import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import type { BlockEvent, ContactEvent } from "./stanza-event.ts";
import { isBlockPush, parseBlockPush } from "../xep/blocking.ts";
import { CAPS_NODE } from "../xep/caps.ts";
import { buildInfo, infoQuery, OUR_INFO } from "../xep/disco.ts";
import { attribute, isStanza } from "../xep/element.ts";
import { iqError } from "../xep/errors.ts";
import { isPing } from "../xep/ping.ts";
import { isRosterPush, parseRosterPush, type RosterItem } from "../xep/roster.ts";
import { iqResult, isRequest } from "../xep/stanzas.ts";

/** What a request changes, and the answer to send once that is stored. */
export type RequestOutcome = { readonly events: readonly (ContactEvent | BlockEvent)[]; readonly reply?: Element };

/**
 * Somebody's request. Answers (`result`, `error`) are the link's to match with what it asked: they come back with
 * neither events nor reply. What is not offered, or not offered to this sender, is refused as if it did not exist.
 */
export function ingestIq(iq: Element, account: BareJid): RequestOutcome {
  if (!isStanza(iq, "iq") || !isRequest(iq)) return { events: [] };
  if (isRosterPush(iq)) return fromRosterPush(iq, account);
  if (isBlockPush(iq)) return fromBlockPush(iq, account);
  const reply = attribute(iq, "type") === "get" ? answer(iq) : undefined;
  return { events: [], reply: reply ?? iqError(iq, "service-unavailable") };
}

/** A roster item as the log keeps it. */
export function contactEvent({ jid, name, subscription, asked, groups }: RosterItem): ContactEvent {
  const grouped = groups.length > 0 ? { groups } : {};
  return { kind: "contact", jid, ...(name !== undefined && { name }), subscription, asked, ...grouped };
}

function fromRosterPush(iq: Element, account: BareJid): RequestOutcome {
  const item = parseRosterPush(iq, account);
  return item === undefined
    ? { events: [], reply: iqError(iq, "service-unavailable") }
    : { events: [contactEvent(item)], reply: iqResult(iq) };
}

function fromBlockPush(iq: Element, account: BareJid): RequestOutcome {
  const change = parseBlockPush(iq, account);
  return change === undefined
    ? { events: [], reply: iqError(iq, "service-unavailable") }
    : { events: [{ kind: "block", change }], reply: iqResult(iq) };
}

function answer(iq: Element): Element | undefined {
  if (isPing(iq)) return iqResult(iq);
  const query = infoQuery(iq);
  if (query === undefined) return undefined;
  const node = attribute(query, "node");
  // A node with any hash we ever announced asks for the same information (XEP-0115 §6.2).
  const known = node === undefined || node.startsWith(`${CAPS_NODE}#`);
  return known ? iqResult(iq, buildInfo(OUR_INFO, node)) : iqError(iq, "item-not-found");
}
