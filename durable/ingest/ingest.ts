// One stanza of the stream → what it means for the log. Pure: the same stanza in the same context gives the same events.

import type { Element } from "@xmpp/xml";
import type { Receipt } from "../../worker/contract/entries.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import type {
  BookmarksEvent,
  DevicesEvent,
  StanzaEvent,
  MessageEvent,
  NickEvent,
  PictureEvent,
  PresenceEvent,
  ReadElsewhereEvent,
  ReceiptEvent,
  RequestEvent,
  RoomEvent,
  TypingEvent,
} from "./stanza-event.ts";
import { bounceOf } from "./bounce.ts";
import { parseChatState } from "../xep/chat-states.ts";
import { ownServerStamp } from "../xep/delay.ts";
import { parseContent } from "./content.ts";
import { NS_AVATAR_METADATA, parseMetadata } from "../xep/avatar.ts";
import { NS_BOOKMARKS, parseBookmark } from "../xep/bookmarks.ts";
import { attribute, child, isStanza } from "../xep/element.ts";
import { openEnvelope, openRoomArchive, roomOf, type Envelope, type IngestContext } from "./envelope.ts";
import { originIdOf, usableId } from "../xep/ids.ts";
import { parseIdle } from "../xep/last-activity.ts";
import { isMarkable, parseMarker } from "../xep/markers.ts";
import { isArchiveResult } from "../xep/mam.ts";
import { NS_MDS, parseDisplayedItem } from "../xep/mds.ts";
import { NS_MUC_USER } from "../xep/muc.ts";
import { parseInvitation } from "../xep/muc-invite.ts";
import { ingestRoomArchive, ingestRoomMessage } from "./room-message.ts";
import { whisperIn } from "./whisper.ts";
import { parseRoomPresence } from "./room-presence.ts";
import { NS_NICK, parseNick } from "../xep/nick.ts";
import { DEVICE_LIST_NODE, parseDeviceList } from "../xep/omemo-devices.ts";
import { parsePresence, type Presence } from "../xep/presence.ts";
import { eventOwner, isPubsubEvent, parsePubsubEvent, type PubsubEvent } from "../xep/pubsub-event.ts";
import type { PubsubItem } from "../xep/pubsub.ts";
import { asksForReceipt, parseReceipt } from "../xep/receipts.ts";
import { parseReferences } from "../xep/references.ts";
import { parseStyling } from "../xep/styling.ts";
import { parsePhoto } from "../xep/vcard.ts";

/**
 * Everything a message or presence tells, in the order in which it is to be applied. Empty: nothing for the log, or a
 * stanza that is not what it pretends to be. Requests (`<iq>`) are for `ingestIq`.
 */
export function ingest(stanza: Element, context: IngestContext): readonly (StanzaEvent | RoomEvent)[] {
  if (isStanza(stanza, "message") && isPubsubEvent(stanza)) return fromEvent(stanza, context.account);
  if (isStanza(stanza, "message")) return fromMessage(stanza, context);
  if (isStanza(stanza, "presence")) return fromPresence(stanza, context);
  return [];
}

function fromMessage(stanza: Element, context: IngestContext): readonly (StanzaEvent | RoomEvent)[] {
  const past = openRoomArchive(stanza, context);
  if (past) return past.room.open ? ingestRoomArchive(past.result, past.room, context) : [];
  const room = isArchiveResult(stanza) ? undefined : roomOf(stanza, context);
  if (room) {
    const again = parseInvitation(stanza, { ...context, sender: room.jid, at: context.now });
    if (again) return [{ kind: "invitation", ...again }];
    return room.open ? ingestRoomMessage(stanza, room, context) : [];
  }
  const envelope = openEnvelope(stanza, context);
  if (envelope && !envelope.outgoing) {
    const invitation = parseInvitation(envelope.message, { ...context, ...envelope });
    if (invitation) return [{ kind: "invitation", ...invitation }];
  }
  const where = envelope && context.room(envelope.chat);
  // Out of the own archive, or as another client of ours has it.
  if (where) return whisperIn(envelope, where, context.account);
  if (envelope === undefined || child(envelope.message, "x", NS_MUC_USER) !== undefined) return [];
  switch (attribute(envelope.message, "type")) {
    case "error":
      return envelope.outgoing ? [] : bounceOf(envelope.message, envelope.chat);
    // Of rooms we are not in; a headline is an alert, not part of a conversation (RFC 6121 §5.2.2).
    case "groupchat":
    case "headline":
      return [];
    // No type, or one that nobody knows, is `normal` (RFC 6121 §5.2.2).
    default:
      return [...receiptsOf(envelope), ...messageOf(envelope), ...typingOf(envelope, stanza, context.account)];
  }
}

function messageOf({ message, archive, chat, sender, outgoing, at }: Envelope): readonly MessageEvent[] {
  const content = parseContent(message);
  const originId = originIdOf(message);
  const stanzaId = usableId(attribute(message, "id"));
  const asks = outgoing || stanzaId === undefined ? [] : asksOf(message);
  // What another app of ours does needs no answer here.
  if (content === undefined || (content.kind === "happening" && outgoing)) return [];
  return [
    {
      kind: "message",
      chat,
      sender,
      outgoing,
      at,
      ...(archive !== undefined && { archive }),
      ...(originId !== undefined && { originId }),
      ...(asks.length > 0 && stanzaId !== undefined && stanzaId !== originId && { stanzaId }),
      ...(asks.length > 0 && { asks }),
      ...parseReferences(message),
      ...parseStyling(message),
      content,
    },
  ];
}

/** Only where it is said now and alone: a message says the rest, and what was kept for us is over. */
function typingOf({ message, chat, outgoing }: Envelope, stanza: Element, account: BareJid): readonly TypingEvent[] {
  const state = parseChatState(message);
  if (state === undefined || outgoing || isArchiveResult(stanza) || parseContent(message) !== undefined) return [];
  if (ownServerStamp(message, account) !== undefined) return [];
  return [{ kind: "typing", chat, composing: state === "composing" }];
}

/** What the sender of somebody else's message wants to be told. */
function asksOf(message: Element): readonly Receipt[] {
  return [
    ...(asksForReceipt(message) ? (["delivered"] as const) : []),
    ...(isMarkable(message) ? (["read"] as const) : []),
  ];
}

/** What others say about ours, and up to where another client of this account says that theirs was read. */
function receiptsOf({ message, chat, outgoing, at }: Envelope): readonly (ReceiptEvent | ReadElsewhereEvent)[] {
  const marker = parseMarker(message);
  if (outgoing) {
    return marker?.state === "read" ? [{ kind: "read-elsewhere", chat, upTo: { origin: marker.of } }] : [];
  }
  const delivered = parseReceipt(message);
  return [
    ...(delivered === undefined ? [] : [{ kind: "receipt", chat, of: delivered, state: "delivered", at } as const]),
    ...(marker === undefined ? [] : [{ kind: "receipt", chat, ...marker, at, upTo: true } as const]),
  ];
}

/** Events are only ever live and unwrapped; those of nodes that nobody here asked for are ignored. */
function fromEvent(
  stanza: Element,
  account: BareJid,
): readonly (DevicesEvent | ReadElsewhereEvent | NickEvent | PictureEvent | BookmarksEvent)[] {
  const jid = eventOwner(stanza, account);
  const event = parsePubsubEvent(stanza);
  if (jid === account && event?.node === NS_BOOKMARKS) return [bookmarksOf(event)];
  if (jid === account && event?.node === NS_MDS) return event.kind === "published" ? readElsewhere(event.items) : [];
  if (jid !== undefined && event?.node === NS_NICK) return nickOf(jid, event);
  if (jid !== undefined && event?.node === NS_AVATAR_METADATA) return pictureOf(jid, event);
  if (jid === undefined || event === undefined || event.node !== DEVICE_LIST_NODE) return [];
  const devices = devicesOf(event);
  return devices === undefined ? [] : [{ kind: "devices", jid, devices }];
}

/** What the account keeps about what its clients have shown (XEP-0490). */
export function readElsewhere(items: readonly PubsubItem[]): readonly ReadElsewhereEvent[] {
  return items.flatMap((item) => {
    const displayed = parseDisplayedItem(item);
    return displayed ? [{ kind: "read-elsewhere", chat: displayed.chat, upTo: displayed.archive } as const] : [];
  });
}

function nickOf(jid: BareJid, event: PubsubEvent): readonly NickEvent[] {
  const nick = event.kind === "published" ? parseNick(event.items[0]?.payload) : undefined;
  return [{ kind: "nick", jid, ...(nick !== undefined && { nick }) }];
}

function bookmarksOf(event: PubsubEvent): BookmarksEvent {
  switch (event.kind) {
    case "published":
      return { kind: "bookmarks", put: event.items.flatMap((item) => parseBookmark(item) ?? []), gone: [] };
    case "retracted":
      return { kind: "bookmarks", put: [], gone: event.ids.flatMap((id) => parseBareJid(id) ?? []) };
    case "emptied":
      return { kind: "bookmarks", put: [], gone: [], all: true };
    default:
      return missingCase(event);
  }
}

/** What cannot be read tells nothing; a picture that was taken back, by whichever of the three ways, is none. */
function pictureOf(jid: BareJid, event: PubsubEvent): readonly PictureEvent[] {
  const told = event.kind === "published" ? parseMetadata(event.items[0]?.payload) : "none";
  if (told === undefined) return [];
  return [{ kind: "picture", jid, by: "node", ...(told !== "none" && { id: told }) }];
}

/** A deleted or emptied node is an empty list. An unreadable or retracted one tells nothing: what is known stands. */
function devicesOf(event: PubsubEvent): readonly number[] | undefined {
  switch (event.kind) {
    case "published":
      return parseDeviceList(event.items[0]?.payload);
    case "emptied":
      return [];
    case "retracted":
      return undefined;
    default:
      return missingCase(event);
  }
}

/** Presence of the account's own resources and of rooms is not a contact's. */
function fromPresence(
  stanza: Element,
  context: IngestContext,
): readonly (PresenceEvent | PictureEvent | RequestEvent | RoomEvent)[] {
  const room = roomOf(stanza, context);
  if (room) {
    const told = room.open ? parseRoomPresence(stanza, room.jid, room.guards.occupantIds) : undefined;
    return told ? [told] : [];
  }
  const presence = parsePresence(stanza);
  if (presence === undefined || presence.jid === context.account || child(stanza, "x", NS_MUC_USER) !== undefined)
    return [];
  return [...presenceEvents(presence, parseIdle(stanza, context.now)), ...photoOf(stanza, presence)];
}

function photoOf(stanza: Element, { kind, jid }: Presence): readonly PictureEvent[] {
  const told = kind === "available" ? parsePhoto(stanza) : undefined;
  return told === undefined ? [] : [{ kind: "picture", jid, by: "presence", ...(told !== "none" && { id: told }) }];
}

function presenceEvents(
  { kind, jid, resource, show }: Presence,
  idle: Time | undefined,
): readonly (PresenceEvent | RequestEvent)[] {
  switch (kind) {
    case "available":
    case "unavailable":
      return [
        {
          kind: "presence",
          jid,
          resource,
          available: kind === "available",
          ...(show !== undefined && { show }),
          ...(idle !== undefined && { idle }),
        },
      ];
    case "request":
    case "withdrawn":
      return [{ kind: "request", jid, pending: kind === "request" }];
    // The roster push that comes with these says it all (RFC 6121 §3.1.6, §3.2.3).
    case "granted":
    case "refused":
      return [];
    default:
      return missingCase(kind);
  }
}
