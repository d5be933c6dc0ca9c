// XEP-0045: Multi-User Chat, version 1.35.1, §7.5: what is said in a room between us and one occupant alone

import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { cut } from "../../worker/shared/cut.ts";
import { resourceOf } from "../../worker/shared/jid.ts";
import { attribute } from "../xep/element.ts";
import { originIdOf } from "../xep/ids.ts";
import { parseStyling } from "../xep/styling.ts";
import { parseContent } from "./content.ts";
import type { Envelope } from "./envelope.ts";
import type { RoomView } from "./room-view.ts";
import type { MessageEvent } from "./stanza-event.ts";

type Whispered = Pick<MessageEvent, "sender" | "outgoing" | "at" | "archive"> & {
  /** The other one, by their name in the room and the room's id of them. */
  readonly nick: string;
  readonly id?: string;
};

/**
 * Nothing but its words: what it says about other messages (an answer, a correction, a reaction) would be about messages
 * that others see.
 */
export function whisperEvents(
  message: Element,
  room: RoomView,
  { nick, id, ...told }: Whispered,
): readonly MessageEvent[] {
  const content = parseContent(message);
  if (content?.kind !== "clear") return [];
  const originId = originIdOf(message);
  const whisper = cut(nick, LIMITS.nickLength);
  return [
    {
      ...{ kind: "message", chat: room.jid, ...told, whisper, ...parseStyling(message), content },
      occupant: told.outgoing ? { nick: room.nick } : { nick: whisper, ...(id !== undefined && { id }) },
      ...(originId !== undefined && { originId }),
    },
  ];
}

/**
 * One out of the account's own archive, or a copy of what another client of ours has sent or got (XEP-0280). Who had the
 * name then is not known, so it is nobody's by address.
 */
export function whisperIn(envelope: Envelope, room: RoomView, account: BareJid): readonly MessageEvent[] {
  const { message, outgoing, at, archive } = envelope;
  const nick = resourceOf(attribute(message, outgoing ? "to" : "from") ?? "");
  const type = attribute(message, "type");
  if (nick === undefined || type === "groupchat" || type === "error") return [];
  const sender = outgoing ? account : room.jid;
  return whisperEvents(message, room, { nick, sender, outgoing, at, ...(archive && { archive }) });
}
