/** A room as it is now (XEP-0045); what is kept of it is an entry. */
import type { Failure } from "./failures.ts";
import type { BareJid, PictureId } from "./names.ts";

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
};
