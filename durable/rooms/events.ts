/** What a room tells about itself and who is in it (XEP-0045 §7), put into the stores in the turn that told it. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { StanzaEvent, RoomEvent } from "../ingest/stanza-event.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
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
  /** We are out for good. */
  ended(jid: BareJid, refusal: Refusal): void;
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
    if (!room) return;
    switch (event.kind) {
      case "room-here":
        if (event.self) this.#rooms.entered(room.jid, event.occupant.nick);
        this.#rooms.put(room.jid, event.occupant);
        if (event.self) this.#host.joined(room.jid, { kind: "in", created: event.created });
        return;
      case "room-renamed":
        this.#rooms.remove(room.jid, event.nick);
        if (event.self || event.nick === room.nick) this.#rooms.set(room.jid, { nick: event.to });
        return;
      case "room-gone":
        if (event.self || event.nick === room.nick) this.#out(room, event.why && exitOf(event.why));
        else this.#rooms.remove(room.jid, event.nick);
        return;
      case "room-refused":
        this.#host.joined(room.jid, { kind: "refused", condition: event.condition });
        return;
      case "room-subject":
        this.#rooms.set(room.jid, { subject: event.subject });
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
        this.#rooms.touch(room.jid);
        return;
      default:
        missingCase(event);
    }
  }

  /** We are out. While we enter, an end that nobody asked for belongs to the stream before this one. */
  #out(room: Room, refusal: Refusal | undefined): void {
    if (room.state === "joining" && !refusal?.final) return;
    const { failure, final } = refusal ?? exitOf(undefined);
    if (final) this.#host.ended(room.jid, { failure, final });
    else this.#rooms.away(room.jid, { failure });
    this.#host.joined(room.jid, { kind: "out", refusal: { failure, final } });
  }
}

/** Whether it is about a room itself, which no entry of the log tells. */
export function isRoomEvent(event: StanzaEvent | RoomEvent): event is RoomEvent {
  return event.kind.startsWith("room-");
}
