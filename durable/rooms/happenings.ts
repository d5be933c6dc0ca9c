/**
 * What is said in the room's own line of what has become of it and its people. Pure; only what the room says itself gets
 * here (`durable/ingest/room-presence.ts`), and only what is new beside what was known.
 */
import type { MessageEvent, RoomEvent } from "../ingest/stanza-event.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { Occupant, RoomChange } from "../../worker/contract/rooms.ts";
import type { Room } from "../store/room.ts";

/** Why and by whom, where the room says so. */
type Told = Pick<RoomChange, "by" | "reason">;

/** Undefined where nothing is to be said: while we enter, what we are told is not new. */
export function happeningOf(event: RoomEvent, room: Room, known: Occupant | undefined): RoomChange | undefined {
  const what = room.state === "joined" ? newsIn(event, room, known) : undefined;
  if (what === undefined) return undefined;
  const self = "self" in event && event.self;
  return {
    ...what,
    ...(what.by === room.nick && { byUs: true }),
    ...((self || what.nick === room.nick) && { ofUs: true }),
  };
}

function newsIn(event: RoomEvent, room: Room, known: Occupant | undefined): RoomChange | undefined {
  switch (event.kind) {
    case "room-here":
      return known && changeOf(event.occupant, known, toldIn(event));
    case "room-gone":
      return exitOf(event, known);
    case "room-member": {
      const { jid, affiliation } = event;
      return { change: "became", affiliation, jid, ...toldIn(event) };
    }
    case "room-subject": {
      if (event.at !== undefined || room.subjectTold !== true || event.subject === (room.subject ?? ""))
        return undefined;
      return { change: "subject", text: event.subject, ...(event.by !== undefined && { by: event.by }) };
    }
    default:
      return undefined;
  }
}

/** It is called otherwise now; a first name is no news. */
export function renamed(before: string | undefined, now: string | undefined): RoomChange | undefined {
  return before === undefined || now === undefined || before === now ? undefined : { change: "name", text: now };
}

/** A line of the room's own: nobody has sent it, no archive keeps it. */
export function lineOf(room: BareJid, what: RoomChange, at: Time): MessageEvent {
  return { kind: "message", chat: room, sender: room, outgoing: false, at, content: { kind: "room", what } };
}

/** What somebody may do follows from what they are: of both one line is enough. */
function changeOf(now: Occupant, before: Occupant, told: Told): RoomChange | undefined {
  const { nick, affiliation, role } = now;
  if (affiliation !== before.affiliation) return { change: "became", affiliation, nick, ...told };
  if (role === before.role || role === "none") return undefined;
  return { change: "role", role, nick, ...told };
}

/** Whoever goes by themselves says so to nobody. */
function exitOf(
  event: RoomEvent & { readonly kind: "room-gone" },
  known: Occupant | undefined,
): RoomChange | undefined {
  const { nick, why } = event;
  const told = toldIn(event);
  switch (why) {
    case "banned":
      return { change: "became", affiliation: "outcast", nick, ...told };
    case "affiliation changed":
    case "members-only":
      return known && { change: "became", affiliation: "none", nick, ...told };
    case "kicked":
      return { change: "kicked", nick, ...told };
    default:
      return undefined;
  }
}

function toldIn({ by, reason }: Told): Told {
  return { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
}
