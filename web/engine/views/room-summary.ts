/** What the conversation list shows of a room. */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomInfo } from "../../../worker/contract/rooms.ts";
import type { Account } from "../account.ts";
import { doubtfulIn, othersIn, unableIn } from "../rooms/audience.ts";
import type { RoomSummary } from "../protocol/conversations.ts";
import type { RoomRow } from "../store/people-rows.ts";
import { alikeNicks } from "../../words/names.ts";

/** Names that are told: where more look alike, nobody can be told apart by name anyway. */
const ALIKE_MAX = 100;
const MANY = 200;
const COMPARED_EVERY_MS = 1_000;

type Known = Pick<Account, "self" | "cache" | "directory" | "live">;

/** The part of a conversation's row that is about a room. What is not known yet is shown as it was last. */
export function roomSummary(account: Known, room: RoomRow): RoomSummary {
  const now = account.live.rooms.get(room.jid);
  // Who was put out since the list was told last belongs to it no more.
  const others = othersIn(account, room).filter((jid) => now?.removed?.includes(jid) !== true);
  const members = room.closed === true && room.members !== undefined ? others.length + 1 : 0;
  const { invitedBy, subject, unlisted } = room;
  const own = now?.occupants[0];
  return {
    state: stateOf(room, now),
    ...(invitedBy !== undefined && { invitedBy }),
    ...(now?.failure !== undefined && { failure: now.failure }),
    ...(subject !== undefined && { subject }),
    ...(now !== undefined && alikeIn(now)),
    ...facesIn(now),
    nick: own?.nick ?? room.nick,
    ...(own?.affiliation === "owner" && { owned: true as const }),
    ...(own && { rank: { affiliation: own.affiliation, role: own.role } }),
    ...(now?.about && { about: now.about }),
    ...(unlisted && { unlisted }),
    people: members > 0 ? members : (now?.people ?? now?.occupants.length ?? 0),
    unable: unableIn(account, room),
    ...doubtfulIn(account, room),
  };
}

function facesIn(now: RoomInfo | undefined): Pick<RoomSummary, "faces"> {
  if (now === undefined || now.people !== undefined) return {};
  const faces = now.occupants.flatMap(({ nick, picture }) => (picture === undefined ? [] : [[nick, picture] as const]));
  return faces.length === 0 ? {} : { faces: Object.fromEntries(faces) };
}

type AlikeIn = { readonly of: RoomInfo["occupants"]; readonly at: number; readonly told: Pick<RoomSummary, "alike"> };

const known = new Map<BareJid, AlikeIn>();

/**
 * Names in this room that look like another one, ours among them. In a room of thousands somebody comes or goes all the time,
 * so there they are compared once a second; whoever speaks makes its row be told anew.
 */
function alikeIn({ jid, occupants }: RoomInfo): Pick<RoomSummary, "alike"> {
  const before = known.get(jid);
  const at = performance.now();
  const recent = before !== undefined && occupants.length > MANY && at - before.at < COMPARED_EVERY_MS;
  if (before !== undefined && (before.of === occupants || recent)) return before.told;
  const nicks = [...alikeNicks(occupants)].slice(0, ALIKE_MAX);
  const told = nicks.length === 0 ? {} : { alike: nicks };
  known.set(jid, { of: occupants, at, told });
  return told;
}

/** A room that is wanted and has let us go is entered again by the object. */
function stateOf({ invitedBy, joined }: RoomRow, now: RoomInfo | undefined): RoomSummary["state"] {
  if (invitedBy !== undefined) return "invited";
  if (!joined) return "left";
  return now === undefined || now.state === "left" ? "joining" : now.state;
}
