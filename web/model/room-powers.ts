/** What one person in a room may do about another (XEP-0045 §5.1.1, §5.2.1): only that is offered. The room has the last word. */
import type { CallArguments } from "../../worker/contract/calls.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RoomPerson, RoomSummary } from "../engine/protocol/conversations.ts";

/**
 * `owner`, `admin`, `member`: what they are to be. `remove`: off the members. `kick`: out, for now. `mute`, `voice`: whether they
 * may write. `step-down`: we ourselves.
 */
export type RoomAct =
  | "owner"
  | "admin"
  | "member"
  | "step-down"
  | "moderator"
  | "no-moderator"
  | "voice"
  | "mute"
  | "kick"
  | "remove"
  | "ban";

type Own = NonNullable<RoomSummary["rank"]>;
type About = { readonly closed: boolean; readonly moderated: boolean };

const RANK = { outcast: -1, none: 0, member: 1, admin: 2, owner: 3 } as const;

/** In the order in which they are offered, the harmless first. */
export function actsOn(own: Own, person: RoomPerson, { closed, moderated }: About): readonly RoomAct[] {
  const [mine, theirs] = [RANK[own.affiliation], RANK[person.affiliation]];
  if (person.self) return own.affiliation === "owner" ? ["step-down"] : [];
  const owns = mine === RANK.owner;
  // Admins decide about whoever is below them, owners about everybody (§5.2.1).
  const decides = person.jid !== undefined && (owns || (mine === RANK.admin && theirs < RANK.admin));
  const here = person.here && person.nick !== undefined && own.role === "moderator";
  const below = theirs < RANK.admin && theirs <= mine;
  const led = person.role === "moderator";
  const acts: Readonly<Record<RoomAct, boolean>> = {
    owner: owns && decides && theirs !== RANK.owner,
    admin: owns && decides && theirs !== RANK.admin,
    member: decides && theirs !== RANK.member,
    "step-down": false,
    moderator: here && below && mine >= RANK.admin && !led,
    "no-moderator": here && below && mine >= RANK.admin && led,
    voice: here && person.role === "visitor",
    mute: here && below && !led && person.role === "participant" && (moderated || !closed),
    // Whoever belongs to a private room comes back as they like: who may take them off it does that.
    kick: here && !(closed && decides) && (owns ? theirs < RANK.owner : below && (!led || mine >= RANK.admin)),
    remove: decides && closed && theirs > RANK.none,
    ban: decides,
  };
  return (Object.keys(acts) as RoomAct[]).filter((act) => acts[act]);
}

/** Whether somebody puts others out, or gives power away: what cannot be taken back at once is asked about in red. */
export function isHard(act: RoomAct): boolean {
  return act === "kick" || act === "remove" || act === "ban" || act === "step-down" || act === "owner";
}

/** Those that are told a reason. */
export function wantsReason(act: RoomAct): boolean {
  return act === "kick" || act === "remove" || act === "ban";
}

type Asked =
  | { readonly call: "affiliate"; readonly about: CallArguments<"affiliate"> }
  | { readonly call: "setRole"; readonly about: CallArguments<"setRole"> };

/** What the account is asked for. Undefined where the person is not known by what the act needs. */
export function callOf(
  act: RoomAct,
  room: BareJid,
  { jid, nick }: Pick<RoomPerson, "jid" | "nick">,
  reason?: string,
): Asked | undefined {
  const why = reason ? { reason } : {};
  const affiliation = AFFILIATIONS[act];
  const role = ROLES[act];
  if (affiliation !== undefined)
    return jid === undefined ? undefined : { call: "affiliate", about: { room, jid, affiliation, ...why } };
  if (role === undefined || nick === undefined) return undefined;
  return { call: "setRole", about: { room, nick, role, ...why } };
}

const AFFILIATIONS: Partial<Record<RoomAct, CallArguments<"affiliate">["affiliation"]>> = {
  owner: "owner",
  admin: "admin",
  member: "member",
  "step-down": "member",
  remove: "none",
  ban: "outcast",
};

const ROLES: Partial<Record<RoomAct, CallArguments<"setRole">["role"]>> = {
  moderator: "moderator",
  "no-moderator": "participant",
  voice: "participant",
  mute: "visitor",
  kick: "none",
};
