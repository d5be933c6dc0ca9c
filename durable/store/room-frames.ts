/** What browsers are told of rooms: all of a small one at once; who is in a large one by pieces, then what changes. */
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { Occupant, RoomAbout, RoomInfo } from "../../worker/contract/rooms.ts";
import { moderationOffered } from "../xep/about-another.ts";
import { isPrivate } from "../xep/muc.ts";
import type { Invitation } from "../xep/muc-invite.ts";
import { NS_VCARD } from "../xep/vcard.ts";
import type { Room } from "./room.ts";

/** A room of more people is told apart from who is in it. */
export const SMALL_ROOM = 100;
/** People in one frame. */
const PIECE = 500;

type OccupantsFrame = ServerFrame & { readonly type: "occupants" };

/** A room as it is now. `occupants`: ourselves first; of a large room `people` says how many there are, told apart. */
export function infoOf(
  room: Room,
  invitation: Invitation | undefined,
  occupants: readonly Occupant[],
  people?: number,
): RoomInfo {
  const { jid, state, failure, subject, features, confirmed, name, picture } = room;
  return {
    jid,
    state,
    ...(failure && { failure }),
    // What was true of it on another stream need not be so now: it is asked on each, and until then nobody knows.
    ...(features && (confirmed || state === "left") && { closed: isPrivate(features) }),
    ...(name !== undefined && { name }),
    ...(subject !== undefined && subject !== "" && { subject }),
    ...(picture !== undefined && { picture }),
    ...aboutOf(room),
    ...(room.removed !== undefined && isPrivate(features ?? []) && { removed: room.removed }),
    ...(invitation && { invitedBy: invitation.by }),
    occupants,
    ...(people !== undefined && { people }),
  };
}

/** What it says of itself besides; nothing where it says nothing. */
function aboutOf(room: Room): Pick<RoomInfo, "about"> {
  const { subject = "", subjectBy, subjectAt, features = [], anySubject, reason, instead } = room;
  const offers = [
    ...(features.includes(NS_VCARD) ? (["picture"] as const) : []),
    ...(moderationOffered(features) === undefined ? [] : (["moderation"] as const)),
  ];
  // Of one that we are not in only why, for that is all there is to do about it.
  const about: RoomAbout =
    room.state === "left"
      ? { ...(reason !== undefined && { reason }), ...(instead !== undefined && { instead }) }
      : {
          ...(subject !== "" && subjectBy !== undefined && { subjectBy }),
          ...(subject !== "" && subjectAt !== undefined && { subjectAt }),
          ...(anySubject && { anySubject }),
          ...(features.includes("muc_passwordprotected") && { locked: true }),
          ...(features.includes("muc_moderated") && { moderated: true }),
          ...(offers.length > 0 && { offers }),
        };
  return Object.keys(about).length === 0 ? {} : { about };
}

/** Somebody asks us into a room that we are not in. */
export function invitedTo({ room, by }: Invitation): RoomInfo {
  return { jid: room, state: "left", invitedBy: by, occupants: [] };
}

/** Everybody in a large room, from the beginning. */
export function piecesOf(room: BareJid, occupants: readonly Occupant[]): readonly OccupantsFrame[] {
  const frames: OccupantsFrame[] = [];
  for (let at = 0; at < occupants.length; at += PIECE) {
    const here = occupants.slice(at, at + PIECE);
    frames.push({ type: "occupants", room, all: at === 0, here, gone: [] });
  }
  return frames;
}
