/** What a stanza of a room has to be read with, out of what is kept of it. */
import type { RoomView } from "../ingest/room-view.ts";
import { NS_SID } from "../xep/ids.ts";
import { NS_MAM } from "../xep/mam.ts";
import { NON_ANONYMOUS, NS_OCCUPANT_ID } from "../xep/muc.ts";
import type { Occupants } from "./occupants.ts";
import type { Room } from "./room.ts";

/** `sent`: whether one of our own browsers sent something of this name to this room. */
export function viewOf(room: Room, occupants: Occupants, sent: (originId: string) => boolean): RoomView {
  const { jid, nick, state } = room;
  const features = new Set(room.features);
  const own = occupants.byNick(jid, nick);
  return {
    jid,
    open: state !== "left",
    nick,
    ...(own?.id !== undefined && { id: own.id }),
    guards: {
      archiveIds: features.has(NS_MAM) || features.has(NS_SID),
      occupantIds: features.has(NS_OCCUPANT_ID),
    },
    nonAnonymous: features.has(NON_ANONYMOUS),
    byNick: (name) => occupants.byNick(jid, name),
    byId: (id) => occupants.byId(jid, id),
    sent,
  };
}
