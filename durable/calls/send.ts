/** A browser sends a message: accepted in its order, stored with its finished stanza, written if the way is free. */
import type { SendArguments, SendReply } from "../../worker/contract/calls.ts";
import type { MessageContent } from "../../worker/contract/entries.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { Composing } from "../browsers/composing.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { Placed } from "../log/entry-row.ts";
import type { RoomOccupancy } from "../rooms/occupancy.ts";
import { leavingOf, maySend, NOW_PRIVATE } from "../rooms/outgoing.ts";
import { keepKeysOf } from "../store/apply.ts";
import type { Browser } from "../store/browser-row.ts";
import { writeTo } from "../store/first-word.ts";
import { replyInRoom } from "../store/reply-names.ts";
import type { Room } from "../store/room.ts";
import type { Stores } from "../store/stores.ts";
import { legalText } from "../xep/element.ts";
import { buildMessage } from "../xep/message.ts";

export type SendParts = {
  readonly stores: Stores;
  readonly link: CurrentLink;
  readonly occupancy: RoomOccupancy;
  readonly composing: Pick<Composing, "ended">;
};

/**
 * Idempotent by `client`, the id that the browser made: again is a retry of what failed, and else changes nothing. Fails
 * with `behind` and `too-early` (the number is not the next one of this browser), `would-expose` (clear text into a
 * conversation that is encrypted, or a room that is private), `peer-refused` (a room we are not in).
 */
export function send(parts: SendParts, browser: Browser, args: SendArguments): Result<SendReply> {
  const { stores, link, occupancy, composing } = parts;
  const { log, meta, outbox, conversations, browsers } = stores;
  const { client, number, after, chat, content } = args;
  const known = log.own(meta.account, client);
  if (!known) {
    const accepted = browsers.accepted(browser.id);
    if (number <= accepted) return { ok: false, error: { kind: "behind" } };
    if (after > accepted) return { ok: false, error: { kind: "too-early" } };
  }
  // What was accepted stays accepted, even if another browser has encrypted the conversation since.
  if (!known && content.kind === "clear" && !content.exposed && conversations.encrypted(chat)) {
    return { ok: false, error: { kind: "would-expose" } };
  }
  const room = stores.rooms.get(chat);
  // A message of type `chat` to the address of a room would go to all occupants or bounce: never.
  if (room && !room.wanted) return { ok: false, error: { kind: "peer-refused", detail: "not in the room" } };
  // Also one that is sent again: it was written when the room was open.
  const leaving = leavingOf(content.kind, content.kind === "clear" && content.exposed);
  if (room && maySend(room, leaving) === "no") return { ok: false, error: NOW_PRIVATE };
  // Built and serialised here, once: the outbox keeps these bytes, and every stream is written these bytes.
  const stanza = stanzaOf(stores, args, room, composing.ended(chat));
  const place = known ?? stores.turn(() => accept(stores, browser, args, room, stanza));
  const toWrite = known ? outbox.retry(client, stanza) : true;
  const open = room ? occupancy.open(chat, leaving) : link.caughtUp;
  if (toWrite && open) link.write({ client, stanza });
  return { ok: true, value: { id: place.id, seq: place.seq, position: place.position } };
}

/** The finished stanza. In a room it names the message that it answers as the room does. */
function stanzaOf({ log, meta }: Stores, args: SendArguments, room: Room | undefined, typed: boolean): string {
  const { client, chat, content, reply, act } = args;
  const named = room
    ? {
        ...(reply && { reply: replyInRoom(log, chat, reply) }),
        ...(act && { act: { ...act, of: replyInRoom(log, chat, act.of) } }),
      }
    : {};
  return buildMessage({
    to: chat,
    id: client,
    content,
    receipt: chat !== meta.account,
    room: room !== undefined,
    typed,
    references: { ...referencesOf(args), ...named },
  }).toString();
}

/** The entry and the outbox row of a message that was not here yet; runs inside a turn. */
function accept(stores: Stores, browser: Browser, args: SendArguments, room: Room | undefined, stanza: string): Placed {
  const { log, meta, outbox, contacts, conversations, browsers, rooms } = stores;
  const { client, number, chat, content } = args;
  const kept: MessageContent =
    content.kind === "clear"
      ? { kind: "clear", text: legalText(content.text), ...(content.file && { file: content.file }) }
      : keepKeysOf(content, browsers.devices());
  const event = {
    kind: "message",
    chat,
    sender: meta.account,
    outgoing: true,
    at: Date.now(),
    originId: client,
    ...referencesOf(args),
    ...(room && { occupant: rooms.self(room) }),
  } as const;
  const exposed = content.kind === "clear" && content.exposed ? ({ exposed: true } as const) : {};
  const placed = log.message({ ...event, content: kept }, { browser: browser.id, client, ...exposed });
  outbox.put({ seq: placed.seq, client, stanza });
  browsers.accept(browser.id, number);
  const shows = content.kind === "omemo" ? content.omemo.payload !== undefined : content.kind === "clear";
  if (content.kind === "omemo" && shows) conversations.setEncrypted(chat);
  if (shows) writeTo(stores, chat);
  if (shows) contacts.forgive(chat);
  return placed;
}

/** Which message it replaces, answers or does something to, as every browser of the account knows it. */
function referencesOf({ replaces, reply, act }: SendArguments): Pick<SendArguments, "replaces" | "reply" | "act"> {
  return { ...(replaces !== undefined && { replaces }), ...(reply && { reply }), ...(act && { act }) };
}
