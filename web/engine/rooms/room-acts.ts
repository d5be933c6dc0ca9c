/** What a person does to a room, and who is in it: part of the engine's second script, none of the first messages needs it. */
import type { Result } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { localOf } from "../../../worker/shared/jid.ts";
import type { Account } from "../account.ts";
import { typedAddress } from "../address.ts";
import type { RoomPerson, RoomView } from "../protocol/conversations.ts";
import type { Engine } from "../protocol/engine.ts";
import { applyRoom } from "../reading/room-entries.ts";
import { unableIn } from "./audience.ts";
import type { Rooms } from "./rooms.ts";

/** `nick`: as it was there before, else the local part of our address. */
export async function joinRoom(
  account: Account,
  jid: BareJid,
  { nick, ...more }: { readonly nick?: string; readonly password?: string; readonly name?: string },
): Promise<Result<{ readonly chat: BareJid }>> {
  const { cache, self } = account;
  const named = nick ?? (cache.rooms.get(jid)?.nick || shortened(localOf(self.jid), LIMITS.nickLength));
  const answer = await account.remote.call("room", { jid, action: "join", nick: named, ...more });
  // The entry that says so may still be on its way: until then it would be taken for a person.
  const joined = { jid, nick: named, joined: true } as const;
  if (answer.ok) await account.store.work((unit) => applyRoom(unit, joined));
  return answer.ok ? { ok: true, value: { chat: jid } } : answer;
}

/** Enters it, or leaves it; an address may be a link with a password. Fails with `address-invalid`, and as either does. */
export async function actOnRoom(
  account: Account,
  { address, action, ...more }: Parameters<Engine["room"]>[0],
): Promise<Result<{ readonly chat: BareJid }>> {
  const typed = typedAddress(address);
  if (typed === undefined) return { ok: false, error: { kind: "address-invalid" } };
  const { jid, password } = typed;
  const linked = password === undefined ? {} : { password };
  return action === "join" ? joinRoom(account, jid, { ...linked, ...more }) : leaveRoom(account, jid);
}

async function leaveRoom(account: Account, jid: BareJid): Promise<Result<{ readonly chat: BareJid }>> {
  // A room that we were only asked into knows us by no name; the contract wants one, and declining uses none.
  const nick = account.cache.rooms.get(jid)?.nick || "-";
  const answer = await account.remote.call("room", { jid, action: "leave", nick });
  return answer.ok ? { ok: true, value: { chat: jid } } : answer;
}

export async function inviteInto(
  account: Account,
  rooms: Rooms,
  room: BareJid,
  jid: BareJid,
): Promise<Result<{ readonly done: true }>> {
  const answer = await account.remote.call("invite", { room, jid });
  if (answer.ok) {
    account.directory.doubt(room);
    await rooms.learn(room);
  }
  return answer;
}

/**
 * Rooms that we are in and somebody else is, or to which they belong. Who belongs to a private one its list says, also where
 * their going has not been told yet; whoever is not there now may be off it since, so it is asked again where it is in doubt, or,
 * where only what is `known` is wanted, left out.
 */
export async function sharedWith(
  { cache, live, directory }: Account,
  rooms: Rooms,
  { jid, known = false }: Parameters<Engine["sharedRooms"]>[0],
): Promise<Result<readonly BareJid[]>> {
  const joined = [...cache.rooms.values()].filter((row) => row.joined);
  const isHere = (room: BareJid) => live.rooms.get(room)?.occupants.some((occupant) => occupant.jid === jid) === true;
  const belongs = (room: BareJid) => cache.rooms.get(room)?.members?.some((member) => member.jid === jid) === true;
  const absent = joined.filter((row) => belongs(row.jid) && !isHere(row.jid));
  const doubtful = absent.filter((row) => !directory.isConfirmed(row.jid));
  if (!known) await Promise.all(doubtful.map((row) => rooms.learn(row.jid)));
  const shared = joined.flatMap((row) => {
    if (known && doubtful.includes(row)) return [];
    const now = cache.rooms.get(row.jid) ?? row;
    const listed = now.closed === true && now.members !== undefined && now.unlisted !== true;
    return belongs(row.jid) || (!listed && isHere(row.jid)) ? [row.jid] : [];
  });
  return { ok: true, value: shared };
}

/** Who is in a room and who belongs to it, asked of it now where that can be done. */
export async function viewOf(account: Account, rooms: Rooms, jid: BareJid): Promise<RoomView> {
  const learned = await rooms.learn(jid);
  const { self, cache, live } = account;
  const row = cache.rooms.get(jid);
  const occupants = live.rooms.get(jid)?.occupants ?? [];
  const unable = new Set(row === undefined ? [] : unableIn(account, row));
  const members = row?.closed === true ? (row.members ?? []) : [];
  const byJid = new Map(members.map((member) => [member.jid, member]));
  const present = new Set(occupants.map((occupant) => occupant.jid));
  const there = occupants.map((occupant, at): RoomPerson => {
    const member = occupant.jid && byJid.get(occupant.jid);
    const affiliation = member?.affiliation ?? occupant.affiliation;
    return {
      ...(occupant.jid !== undefined && { jid: occupant.jid }),
      nick: occupant.nick,
      ...(occupant.picture !== undefined && { picture: occupant.picture }),
      affiliation: affiliation === "outcast" ? "none" : affiliation,
      role: occupant.role,
      here: true,
      self: at === 0,
      unable: occupant.jid !== undefined && unable.has(occupant.jid),
    };
  });
  const absent = members
    .filter((member) => !present.has(member.jid))
    .map(
      (member): RoomPerson => ({
        ...member,
        here: false,
        self: member.jid === self.jid,
        unable: unable.has(member.jid),
      }),
    );
  const own = there[0]?.affiliation;
  return {
    room: jid,
    people: [...there, ...absent],
    manages: own === "owner" || own === "admin",
    ...(!learned.ok && { failure: learned.error }),
  };
}

/** A nickname of at most so many characters, never half of one. */
function shortened(name: string, length: number): string {
  return name.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}
