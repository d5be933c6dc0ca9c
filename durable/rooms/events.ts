/** What a room tells about itself and who is in it (XEP-0045 §7), put into the stores in the turn that told it. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { StanzaEvent, RoomEvent } from "../ingest/stanza-event.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import type { Affiliation, Occupant, RoomChange } from "../../worker/contract/rooms.ts";
import { happeningOf } from "./happenings.ts";
import { exitOf, type Refusal } from "./refusals.ts";
import type { Room } from "../store/room.ts";
import type { Rooms } from "../store/rooms.ts";

/** How a room answers our presence (XEP-0045 §7.2): we are in, refused, or out again at once. */
export type JoinResult =
  | { readonly kind: "in"; readonly created: boolean }
  | { readonly kind: "refused"; readonly condition: string }
  | { readonly kind: "out"; readonly refusal: Refusal };

/** What an occupant wrote to us alone. */
export type Whisper = RoomEvent & { readonly kind: "room-whisper" };

export interface RoomEventsHost {
  /** The room has answered our presence. */
  joined(jid: BareJid, result: JoinResult): void;
  /** We are out for good; why, and where to go, where the room says so. */
  ended(jid: BareJid, refusal: Refusal, why: Pick<Room, "reason" | "instead">): void;
  /** Something that everybody in the room sees has happened to it or its people. */
  happened(jid: BareJid, what: RoomChange): void;
  /** Somebody wrote to us alone. */
  whispered(whisper: Whisper): void;
  /** What the room is has to be read again. */
  changed(jid: BareJid): void;
}

export class RoomEvents {
  readonly #rooms: Rooms;
  readonly #host: RoomEventsHost;

  constructor(rooms: Rooms, host: RoomEventsHost) {
    this.#rooms = rooms;
    this.#host = host;
  }

  /** Inside a turn. */
  take(event: RoomEvent): void {
    const room = this.#rooms.get(event.room);
    // One that was left, or has put us out, has nothing more to say: it cannot take us back, nor put us out again.
    if (!room?.wanted) return;
    const nick = event.kind === "room-here" ? event.occupant.nick : "nick" in event ? event.nick : undefined;
    const before = nick === undefined ? undefined : this.#rooms.occupants.byNick(room.jid, nick);
    const what = happeningOf(event, room, before);
    if (what) this.#host.happened(room.jid, what);
    switch (event.kind) {
      case "room-here":
        this.#belongs(room, event.occupant.jid, event.occupant.affiliation, before);
        if (event.self) this.#rooms.entered(room.jid, event.occupant.nick);
        this.#rooms.put(room.jid, event.occupant);
        if (event.self) this.#host.joined(room.jid, { kind: "in", created: event.created });
        return;
      case "room-renamed":
        this.#rooms.remove(room.jid, event.nick);
        if (event.self || event.nick === room.nick) this.#rooms.set(room.jid, { nick: event.to });
        return;
      case "room-gone": {
        const { self, why, reason, instead } = event;
        if (self || event.nick === room.nick)
          this.#out(room, why && exitOf(why), { ...(reason && { reason }), ...(instead && { instead }) });
        else {
          if (before?.jid && (why === "banned" || why === "affiliation changed"))
            this.#rooms.belongs(room.jid, before.jid, "none");
          this.#rooms.remove(room.jid, event.nick);
        }
        return;
      }
      case "room-refused":
        this.#host.joined(room.jid, { kind: "refused", condition: event.condition });
        return;
      case "room-subject":
        this.#rooms.setSubject(room.jid, {
          subject: event.subject,
          ...(event.by !== undefined && { subjectBy: event.by }),
          subjectAt: event.at ?? Date.now(),
        });
        return;
      case "room-picture":
        this.#rooms.setPicture(room.jid, event.id);
        return;
      case "room-whisper":
        this.#host.whispered(event);
        return;
      case "room-changed":
        this.#host.changed(room.jid);
        return;
      case "room-member":
        // Who belongs to it is asked of the room by whoever needs it; they hear that it has changed.
        this.#rooms.belongs(room.jid, event.jid, event.affiliation);
        return;
      default:
        missingCase(event);
    }
  }

  /** Whoever is there belongs to it again, or, with another rank than before, no more. */
  #belongs(room: Room, jid: BareJid | undefined, affiliation: Affiliation, before: Occupant | undefined): void {
    if (jid === undefined) return;
    const belonged = before !== undefined && before.affiliation !== "none";
    const taken = affiliation === "outcast" || (affiliation === "none" && belonged);
    const back = !taken && affiliation !== "none" && room.removed?.includes(jid) === true;
    if (taken || back) this.#rooms.belongs(room.jid, jid, affiliation);
  }

  /** We are out. While we enter, an end that nobody asked for belongs to the stream before this one. */
  #out(room: Room, refusal: Refusal | undefined, why: Pick<Room, "reason" | "instead">): void {
    if (room.state === "joining" && !refusal?.final) return;
    const { failure, final } = refusal ?? exitOf(undefined);
    if (final) this.#host.ended(room.jid, { failure, final }, why);
    else this.#rooms.away(room.jid, { failure });
    this.#host.joined(room.jid, { kind: "out", refusal: { failure, final } });
  }
}

/** Whether it is about a room itself, which no entry of the log tells. */
export function isRoomEvent(event: StanzaEvent | RoomEvent): event is RoomEvent {
  return event.kind.startsWith("room-");
}
