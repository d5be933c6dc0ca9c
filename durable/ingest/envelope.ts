// Who said what to whom, and on whose word: RFC 6120 §8.1, XEP-0280 §11, XEP-0313 §9, XEP-0359 §6

import type { Element } from "@xmpp/xml";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { isCarbon, parseCarbon } from "../xep/carbons.ts";
import { ownServerStamp, plausibleTime } from "../xep/delay.ts";
import { attribute } from "../xep/element.ts";
import { stanzaIdBy } from "../xep/ids.ts";
import { bareOf, peerOf } from "../../worker/shared/jid.ts";
import { type ArchiveResult, isArchiveResult, type OpenQueries, parseArchiveResult } from "../xep/mam.ts";
import type { RoomView } from "./room-view.ts";

/** What the link knows about itself when a stanza arrives. */
export type IngestContext = {
  readonly account: BareJid;
  readonly now: Time;
  /** The server announces `urn:xmpp:sid:0` or `urn:xmpp:mam:2`, so it removes archive ids that others made up. */
  readonly trustedArchiveIds: boolean;
  readonly openQueries: OpenQueries;
  /** A room this account is in or was in; undefined for every other address. */
  readonly room: (jid: BareJid) => RoomView | undefined;
};

/** A message taken out of whatever it came in, with what may be believed about it. */
export type Envelope = {
  readonly message: Element;
  /** The other party, whichever direction; the account itself for a note to oneself. */
  readonly chat: BareJid;
  readonly sender: BareJid;
  readonly outgoing: boolean;
  readonly at: Time;
  readonly archive?: { readonly by: BareJid; readonly id: string };
};

/**
 * Opens exactly one wrapper: an archive's result, a carbon, or none. What lies wrapped further inside stays closed, and
 * a wrapper from anybody but the own account is thrown away with all it holds. Undefined: nothing here is to be believed.
 */
export function openEnvelope(stanza: Element, context: IngestContext): Envelope | undefined {
  if (isCarbon(stanza)) return openCarbon(stanza, context);
  if (isArchiveResult(stanza)) return openArchiveResult(stanza, context);
  return seal(stanza, context, ownServerStamp(stanza, context.account), announcedArchive(stanza, context));
}

function openCarbon(stanza: Element, context: IngestContext): Envelope | undefined {
  const carbon = parseCarbon(stanza, context.account);
  if (carbon === undefined) return undefined;
  const { message, direction, stamp = ownServerStamp(message, context.account) } = carbon;
  const envelope = seal(message, context, stamp, announcedArchive(message, context));
  const own = bareOf(attribute(message, direction === "sent" ? "from" : "to") ?? context.account);
  return own === context.account ? envelope : undefined;
}

function openArchiveResult(stanza: Element, context: IngestContext): Envelope | undefined {
  const result = parseArchiveResult(stanza, context.account, context.openQueries);
  if (result === undefined || result.archive !== context.account) return undefined;
  return seal(result.message, context, result.stamp, { by: context.account, id: result.id });
}

/** A result of a room's archive; undefined for every other stanza. */
export function openRoomArchive(
  stanza: Element,
  context: IngestContext,
): { readonly result: ArchiveResult; readonly room: RoomView } | undefined {
  const result = isArchiveResult(stanza) ? parseArchiveResult(stanza, context.account, context.openQueries) : undefined;
  const room = result && context.room(result.archive);
  return result && room && { result, room };
}

/** The room that speaks, itself or by an occupant's name; undefined where the sender is none that we know. */
export function roomOf(stanza: Element, context: IngestContext): RoomView | undefined {
  const sender = bareOf(attribute(stanza, "from") ?? "");
  return sender === undefined || isCarbon(stanza) ? undefined : context.room(sender);
}

/** One end of every message in this account's stream is the account; a missing `to` is, too (RFC 6120 §8.1.1.1). */
function seal(
  message: Element,
  { account, now }: IngestContext,
  stamp: string | undefined,
  archive: Envelope["archive"],
): Envelope | undefined {
  const sender = peerOf(attribute(message, "from") ?? "");
  const recipient = peerOf(attribute(message, "to") ?? account);
  if (sender === undefined || recipient === undefined || (sender !== account && recipient !== account))
    return undefined;
  const outgoing = sender === account;
  return {
    message,
    chat: outgoing ? recipient : sender,
    sender,
    outgoing,
    at: plausibleTime(stamp, now),
    ...(archive !== undefined && { archive }),
  };
}

function announcedArchive(message: Element, context: IngestContext): Envelope["archive"] {
  const id = context.trustedArchiveIds ? stanzaIdBy(message, context.account) : undefined;
  return id === undefined ? undefined : { by: context.account, id };
}
