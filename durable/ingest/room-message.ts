// XEP-0045: Multi-User Chat, version 1.35.1. What is said in a room, live or out of its archive (XEP-0313 §5), and by whom

import type { Element } from "@xmpp/xml";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { BounceEvent, MessageEvent, RoomEvent, TypingEvent } from "./stanza-event.ts";
import { bounceOf } from "./bounce.ts";
import { parseChatState } from "../xep/chat-states.ts";
import { parseContent } from "./content.ts";
import { ownServerStamp, plausibleTime, stampBy } from "../xep/delay.ts";
import { attribute, ownChild, ownText } from "../xep/element.ts";
import { originIdOf, stanzaIdBy, usableId } from "../xep/ids.ts";
import { cut } from "../../worker/shared/cut.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { bareOf, resourceOf } from "../../worker/shared/jid.ts";
import type { ArchiveResult } from "../xep/mam.ts";
import { parseModeration } from "../xep/about-another.ts";
import { occupantIdOf, parseMemberChange, soleItemJid, statusCodes } from "./room-presence.ts";
import type { RoomView } from "./room-view.ts";
import { parseReferences } from "../xep/references.ts";
import { parseStyling } from "../xep/styling.ts";
import { whisperEvents } from "./whisper.ts";

type Here = { readonly account: BareJid; readonly now: Time; readonly trustedArchiveIds: boolean };
type FromRoom = MessageEvent | BounceEvent | RoomEvent | TypingEvent;

/** §10.2.1: configuration, anonymity or logging changed; what the room is has to be read again. */
const CHANGES: readonly string[] = ["104", "170", "171", "172", "173", "174"];

/**
 * A message straight from a room or an occupant. Private ones (`chat` from `room/nick`, §7.5) stand in the room, marked as
 * such, for they are nobody's conversation, whatever address they name.
 */
export function ingestRoomMessage(message: Element, room: RoomView, here: Here): readonly FromRoom[] {
  const byRoom = resourceOf(attribute(message, "from") ?? "") === undefined;
  switch (attribute(message, "type")) {
    case "error":
      return bounceOf(message, room.jid);
    case "groupchat":
      return [
        ...(byRoom ? [...changesOf(message, room.jid), ...moderationOf(message, room, here)] : []),
        ...subjectOf(message, room.jid, here),
        ...spoken(message, room, here),
        ...typingOf(message, room),
      ];
    default:
      return byRoom ? changesOf(message, room.jid) : whispered(message, room, here);
  }
}

/** A result of the room's own archive; the caller has checked that it is. Subjects and changes of the past are over. */
export function ingestRoomArchive(result: ArchiveResult, room: RoomView, here: Here): readonly MessageEvent[] {
  const { message, stamp, id } = result;
  if (attribute(message, "type") !== "groupchat" || bareOf(attribute(message, "from") ?? "") !== room.jid) return [];
  const source = { past: true, at: plausibleTime(stamp, here.now), archive: { by: room.jid, id } };
  if (resourceOf(attribute(message, "from") ?? "") === undefined) return moderated(message, room, source);
  return eventOf(message, room, here, { ...source, ...(room.nonAnonymous && { told: soleItemJid(message) }) });
}

/**
 * To us alone (§7.5). Clear text is read; whatever else shows something goes back, for nobody can be asked for keys here.
 * Typing, receipts and the like are nothing that anybody waits for an answer to.
 */
function whispered(message: Element, room: RoomView, here: Here): readonly (MessageEvent | RoomEvent)[] {
  const from = attribute(message, "from") ?? "";
  const nick = resourceOf(from);
  const id = usableId(attribute(message, "id"));
  const content = parseContent(message);
  if (nick === undefined || content === undefined || content.kind === "none") return [];
  if (content.kind !== "clear")
    return [{ kind: "room-whisper", room: room.jid, nick, from, at: here.now, ...(id !== undefined && { id }) }];
  const stamp = ownServerStamp(message, here.account);
  const kept = here.trustedArchiveIds ? stanzaIdBy(message, here.account) : undefined;
  // Whose name it is now, by the room's presence: not every service takes a made-up occupant id out of these.
  const { id: occupant, jid = room.jid } = (stamp === undefined ? room.byNick(nick) : undefined) ?? {};
  return whisperEvents(message, room, {
    ...{ nick, outgoing: false, at: plausibleTime(stamp, here.now) },
    sender: jid === here.account ? room.jid : jid,
    ...(occupant !== undefined && { id: occupant }),
    ...(kept !== undefined && { archive: { by: here.account, id: kept } }),
  });
}

function spoken(message: Element, room: RoomView, here: Here): readonly MessageEvent[] {
  const stamp = stampBy(message, room.jid);
  const id = room.guards.archiveIds ? stanzaIdBy(message, room.jid) : undefined;
  return eventOf(message, room, here, {
    past: stamp !== undefined,
    ...(stamp !== undefined && { repeated: true }),
    at: plausibleTime(stamp, here.now),
    ...(id !== undefined && { archive: { by: room.jid, id } }),
  });
}

/** Said now, alone, and by another occupant. */
function typingOf(message: Element, room: RoomView): readonly TypingEvent[] {
  const state = parseChatState(message);
  const nick = resourceOf(attribute(message, "from") ?? "");
  if (state === undefined || nick === undefined || nick === room.nick) return [];
  if (stampBy(message, room.jid) !== undefined || parseContent(message) !== undefined) return [];
  return [{ kind: "typing", chat: room.jid, nick, composing: state === "composing" }];
}

type Source = {
  /** Said before now: whoever has the nickname today may be somebody else. */
  readonly past: boolean;
  readonly repeated?: true;
  readonly at: Time;
  readonly archive?: MessageEvent["archive"];
  /** The author's address by the archive's word. */
  readonly told?: BareJid | undefined;
};

function eventOf(message: Element, room: RoomView, here: Here, source: Source): readonly MessageEvent[] {
  const nick = resourceOf(attribute(message, "from") ?? "");
  const content = parseContent(message);
  if (nick === undefined || content === undefined) return [];
  // Calls and attention are between two people.
  if (content.kind === "happening" && content.what !== "file") return [];
  const originId = originIdOf(message);
  const id = room.guards.occupantIds ? occupantIdOf(message) : undefined;
  const sender = authorOf({ nick, id, originId }, room, here.account, source);
  return [
    {
      kind: "message",
      chat: room.jid,
      sender,
      outgoing: sender === here.account,
      at: source.at,
      occupant: { nick, ...(id !== undefined && { id }) },
      ...(source.repeated && { repeated: source.repeated }),
      ...(source.archive && { archive: source.archive }),
      ...(originId !== undefined && { originId }),
      ...parseReferences(message),
      ...parseStyling(message),
      content,
    },
  ];
}

type Said = {
  readonly nick: string;
  readonly id: string | undefined;
  readonly originId: string | undefined;
};

/**
 * The author's own address, else the room's. The occupant id says most (XEP-0421); the nickname counts only for what is
 * said now, while it is theirs; for the rest the archive says it, but never that it was us: what we said carries our
 * occupant id, or an origin-id that one of our browsers made.
 */
function authorOf({ nick, id, originId }: Said, room: RoomView, account: BareJid, { past, told }: Source): BareJid {
  if (id !== undefined) {
    if (id === room.id) return account;
    const known = room.byId(id)?.jid;
    if (known !== undefined) return known;
    // Whoever came in before the room told of its ids - we, where we made it - is known without one.
    const named = room.byNick(nick);
    if (named !== undefined && named.id === undefined) {
      const own = nick === room.nick && (!past || (originId !== undefined && room.sent(originId)));
      if (own) return account;
      if (!past && nick !== room.nick) return named.jid ?? room.jid;
    }
    return told !== undefined && told !== account ? told : room.jid;
  }
  if (!past) return nick === room.nick ? account : (room.byNick(nick)?.jid ?? room.jid);
  if (told !== undefined) return told;
  return nick === room.nick && originId !== undefined && room.sent(originId) ? account : room.jid;
}

/** XEP-0425 §3.2: what the room itself says, and nobody in it (T20). */
function moderationOf(message: Element, room: RoomView, here: Here): readonly MessageEvent[] {
  const stamp = stampBy(message, room.jid);
  const id = room.guards.archiveIds ? stanzaIdBy(message, room.jid) : undefined;
  return moderated(message, room, {
    past: stamp !== undefined,
    at: plausibleTime(stamp, here.now),
    ...(id !== undefined && { archive: { by: room.jid, id } }),
  });
}

function moderated(message: Element, room: RoomView, { at, archive }: Source): readonly MessageEvent[] {
  const act = parseModeration(message);
  if (act === undefined) return [];
  const originId = originIdOf(message);
  return [
    {
      ...{ kind: "message", chat: room.jid, sender: room.jid, outgoing: false, at, act },
      ...(archive && { archive }),
      ...(originId !== undefined && { originId }),
      content: { kind: "none" },
    },
  ];
}

/** §8.1: a subject is a message with a subject and nothing else; an empty one takes it away. §7.2.15: on entering it is old. */
function subjectOf(message: Element, room: BareJid, here: Here): readonly RoomEvent[] {
  const subject = ownChild(message, "subject");
  const says = ownText(message, "body") !== undefined || parseContent(message) !== undefined;
  if (subject === undefined || says) return [];
  const by = resourceOf(attribute(message, "from") ?? "");
  const stamp = stampBy(message, room);
  const told = {
    ...(by !== undefined && { by: cut(by, LIMITS.nickLength) }),
    ...(stamp !== undefined && { at: plausibleTime(stamp, here.now) }),
  };
  return [{ kind: "room-subject", room, subject: cut(subject.getText(), LIMITS.subjectLength), ...told }];
}

function changesOf(message: Element, room: BareJid): readonly RoomEvent[] {
  const codes = statusCodes(message);
  const member = parseMemberChange(message, room);
  return [
    ...(CHANGES.some((code) => codes.has(code)) ? [{ kind: "room-changed", room } as const] : []),
    ...(member ? [member] : []),
  ];
}
