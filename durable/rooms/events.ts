/** What a room tells about itself and who is in it (XEP-0045 §7), put into the stores in the turn that told it. */
import type { BareJid } from "../../worker/contract.ts";
import type { Draft, RoomDraft } from "../ingest/stanza-event.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { exitOf, type Refusal } from "./refusals.ts";
import type { Room, Rooms } from "../store/rooms.ts";

/** What comes of our knock at a room's door: we are in, not let in, or out again at once. */
export type DoorAnswer =
  | { readonly kind: "in"; readonly created: boolean }
  | { readonly kind: "refused"; readonly condition: string }
  | { readonly kind: "out"; readonly refusal: Refusal };

export interface RoomNewsHost {
  /** The room has answered our presence. */
  answered(jid: BareJid, answer: DoorAnswer): void;
  /** We are out for good. */
  ended(jid: BareJid, refusal: Refusal): void;
  /** What the room is has to be read again. */
  changed(jid: BareJid): void;
}

export class RoomNews {
  readonly #rooms: Rooms;
  readonly #host: RoomNewsHost;

  constructor(rooms: Rooms, host: RoomNewsHost) {
    this.#rooms = rooms;
    this.#host = host;
  }

  /** Inside a turn. */
  take(draft: RoomDraft): void {
    const room = this.#rooms.get(draft.room);
    if (!room) return;
    switch (draft.kind) {
      case "room-here":
        if (draft.self) this.#rooms.set(room.jid, { nick: draft.occupant.nick, state: "joined" });
        this.#rooms.put(room.jid, draft.occupant);
        if (draft.self) this.#host.answered(room.jid, { kind: "in", created: draft.created });
        return;
      case "room-renamed":
        this.#rooms.remove(room.jid, draft.nick);
        if (draft.self || draft.nick === room.nick) this.#rooms.set(room.jid, { nick: draft.to });
        return;
      case "room-gone":
        if (draft.self || draft.nick === room.nick) this.#out(room, draft.why && exitOf(draft.why));
        else this.#rooms.remove(room.jid, draft.nick);
        return;
      case "room-refused":
        this.#host.answered(room.jid, { kind: "refused", condition: draft.condition });
        return;
      case "room-subject":
        this.#rooms.set(room.jid, { subject: draft.subject });
        return;
      case "room-changed":
        this.#host.changed(room.jid);
        return;
      case "room-member":
        // Who belongs to it is asked of the room by whoever needs it; they hear that it has changed.
        this.#rooms.touch(room.jid);
        return;
      default:
        missingCase(draft);
    }
  }

  /** We are out. While we enter, a goodbye that is nobody's wish is to the stream before this one. */
  #out(room: Room, refusal: Refusal | undefined): void {
    if (room.state === "joining" && !refusal?.final) return;
    const { failure, final } = refusal ?? exitOf(undefined);
    if (final) this.#host.ended(room.jid, { failure, final });
    else this.#rooms.away(room.jid, { failure });
    this.#host.answered(room.jid, { kind: "out", refusal: { failure, final } });
  }
}

export function isRoomDraft(draft: Draft | RoomDraft): draft is RoomDraft {
  return draft.kind.startsWith("room-");
}
