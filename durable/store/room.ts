/** A room of this account as it is kept. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid, PictureId, Time } from "../../worker/contract/names.ts";
import type { RoomInfo } from "../../worker/contract/rooms.ts";
import { NS_MAM } from "../xep/mam.ts";

export type Room = {
  readonly jid: BareJid;
  /** Our name there: as the room tells it, or as we ask for it. */
  readonly nick: string;
  readonly state: RoomInfo["state"];
  /** We are there, or want to be as soon as that is possible. */
  readonly wanted: boolean;
  readonly failure?: Failure;
  readonly subject?: string;
  readonly subjectBy?: string;
  readonly subjectAt?: Time;
  /** It has told its subject since we entered: the next one is new. */
  readonly subjectTold?: true;
  /** What the room announces (XEP-0030), as it said last; undefined until it has. */
  readonly features?: readonly string[];
  /** It has said so since we entered it, and nothing since that it has changed. */
  readonly confirmed?: boolean;
  /** What it calls itself. */
  readonly name?: string;
  readonly picture?: PictureId;
  /** We are on the way in for the first time: no browser is told of it before we are in, and nothing stays if we are not let in. */
  readonly tentative?: true;
  /** Not moderators alone say what it is about. */
  readonly anySubject?: true;
  /** Why somebody put us out or closed it, and where to go instead. */
  readonly reason?: string;
  readonly instead?: BareJid;
  /** Those it has said belong to it no more, the newest last. */
  readonly removed?: readonly BareJid[];
  /** What it is to be called as soon as we have made it: the stream may end before that. */
  readonly toBeCalled?: string;
  /** To enter it (XEP-0045 §7.2.6): every entering needs it again. */
  readonly password?: string;
};

export type RoomRow = { jid: string; nick: string; state: string; info: string };
export type KeptOfRoom = Omit<Room, "jid" | "nick" | "state">;

/** Whether a room keeps an archive that can be asked for what we missed. */
export function keepsArchive(room: Room): boolean {
  return room.features?.includes(NS_MAM) ?? false;
}

/** Of a row of the table. */
export function roomOf({ jid, nick, state, info }: RoomRow): Room {
  return { jid: jid as BareJid, nick, state: state as Room["state"], ...(JSON.parse(info) as KeptOfRoom) };
}
