/** A room as it is now (XEP-0045); what is kept of it is an entry. */
import type { Failure } from "./failures.ts";
import type { BareJid, PictureId, Time } from "./names.ts";

/** Somebody in a room. `jid`: their own address, which a non-anonymous room shows. */
export type Occupant = {
  readonly nick: string;
  readonly id?: string;
  readonly jid?: BareJid;
  readonly affiliation: "owner" | "admin" | "member" | "none" | "outcast";
  /** Which picture they have (XEP-0153). */
  readonly picture?: PictureId;
  readonly role: "moderator" | "participant" | "visitor" | "none";
};

/** What somebody is in a room, there or not (XEP-0045 §5.2), and what they may do while they are there (§5.1). */
export type Affiliation = Occupant["affiliation"];
export type Role = Occupant["role"];

/** Whom a room lets in no more: an address, or a whole domain. */
export type Banned = { readonly jid: BareJid; readonly reason?: string };

/**
 * What has happened to a room or to somebody in it, by the room's own word. `became`: what they are now; `none` and
 * `outcast` put a member out. `role`: what they may do now; `kicked`: they were put out and may come back. `jid`: of somebody
 * who is not there. `by`: under which name somebody did it, where the room says so. `byUs`, `ofUs`: that was our name there, and
 * it is about us: a name belongs to one person at a time, so only then is it known.
 */
export type RoomChange = (
  | { readonly change: "became"; readonly affiliation: Affiliation }
  | { readonly change: "role"; readonly role: Exclude<Role, "none"> }
  | { readonly change: "kicked" }
  /** What it is about; empty: nothing any more. */
  | { readonly change: "subject"; readonly text: string }
  | { readonly change: "name"; readonly text: string }
) & {
  readonly nick?: string;
  readonly jid?: BareJid;
  readonly by?: string;
  readonly byUs?: true;
  readonly ofUs?: true;
  readonly reason?: string;
};

/** What a room says of itself beyond its name and its people. None of it decides what is encrypted. */
export type RoomAbout = {
  /** Under which name somebody has said what the room is about, and when. */
  readonly subjectBy?: string;
  readonly subjectAt?: Time;
  /** Not moderators alone say what it is about. */
  readonly anySubject?: true;
  /** It asks for a password. */
  readonly locked?: true;
  /** Visitors may not write (`muc_moderated`). */
  readonly moderated?: true;
  /** What its service can do: keep a picture of it (XEP-0054), take others' messages away (XEP-0425). */
  readonly offers?: readonly ("picture" | "moderation")[];
  /** Why somebody put us out or closed it, in their words, and where to go instead. */
  readonly reason?: string;
  readonly instead?: BareJid;
};

/** Somebody who belongs to a room, whether they are there or not. */
export type RoomMember = { readonly jid: BareJid; readonly affiliation: "owner" | "admin" | "member" };

/**
 * A room as it is now. `closed`: members-only and non-anonymous, so it can be encrypted; undefined while it has not said so
 * since it was entered or changed: then nobody knows, and nothing may be written there in clear.
 */
export type RoomInfo = {
  readonly jid: BareJid;
  readonly state: "joining" | "joined" | "left";
  readonly failure?: Failure;
  readonly closed?: boolean;
  /** What it calls itself. */
  readonly name?: string;
  readonly subject?: string;
  /** Its picture (XEP-0153, as rooms tell it). */
  readonly picture?: PictureId;
  /** Somebody asks us in (XEP-0045 §7.8, XEP-0249), and nobody has answered yet. */
  readonly invitedBy?: BareJid;
  /** Our own name there comes first. Of a large room only that: who else is there is told by frames `occupants`. */
  readonly occupants: readonly Occupant[];
  /** How many there are in a large room; undefined where `occupants` is all of them. */
  readonly people?: number;
  readonly about?: RoomAbout;
  /** Those it has said belong to it no more, the newest last; of a room that keeps its list of members to itself. */
  readonly removed?: readonly BareJid[];
};

/** A room that the account remembers and is not in. */
export type SavedRoom = { readonly jid: BareJid; readonly name?: string };

/**
 * What a room says to whoever asks, before anybody enters it (XEP-0045 §6.4); what is not said is undefined. `missing`: there
 * is no such room. `hides`: whether those in it see each other's addresses.
 */
export type RoomDetails = {
  readonly jid: BareJid;
  readonly missing?: true;
  readonly name?: string;
  readonly description?: string;
  readonly people?: number;
  readonly membersOnly?: boolean;
  readonly password?: boolean;
  readonly hides?: boolean;
};

/**
 * A page of rooms; `next`: what to ask for behind it. `searches`: the service looks for words itself, and says all it knows of
 * a room; of others the rest has to be asked of the rooms (`aboutRooms`).
 */
export type FoundRooms = {
  readonly service: string;
  readonly searches: boolean;
  readonly rooms: readonly RoomDetails[];
  readonly next?: string;
};
