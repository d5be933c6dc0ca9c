/**
 * The rooms of an account as this browser knows them: what the object tells of them, who belongs to them, and which
 * devices those people have. What was known last is kept, so that a restart knows whom a message has to reach.
 */
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomInfo, RoomMember } from "../../../worker/contract/rooms.ts";
import { localOf } from "../../../worker/shared/jid.ts";
import type { Account } from "../account.ts";
import { isKeptFromUs, noteMembers } from "./members.ts";
import { withChanges, withKnown } from "./occupants.ts";
import { othersIn, unableIn } from "./audience.ts";
import { inParallel } from "../in-parallel.ts";
import type { RoomPerson, RoomView } from "../protocol/conversations.ts";
import { retryUnknown } from "../reading/unknown-authors.ts";
import { applyRoom, isPerson } from "../reading/room-entries.ts";
import type { OccupantsTold } from "../reading/sync.ts";
import { changeChat } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import type { RoomRow } from "../store/conversation-rows.ts";

/** Device lists and bundles that are asked for at the same time. */
export const ASKED_AT_ONCE = 10;
/** Somebody who had no device is asked again after this; they need not be a contact, so nobody would tell us. */
const EMPTY_AGAIN_MS = 60_000;
/** Tries to be told who belongs to a room that keeps changing meanwhile. */
const TRIES = 5;

type Learned = Result<{ readonly known: true }>;
const KNOWN: Learned = { ok: true, value: { known: true } };

export class Rooms {
  readonly #account: Account;
  /** How often each room has been told of. */
  readonly #told = new Map<BareJid, number>();
  readonly #retrying = new Set<BareJid>();
  /** When somebody who had no device was last asked for one. */
  readonly #askedAgain = new Map<BareJid, number>();

  constructor(account: Account) {
    this.#account = account;
  }

  isRoom(jid: BareJid): boolean {
    return this.#account.cache.rooms.has(jid);
  }

  /** Takes over what the object tells of rooms. Their members are asked for again before the next send. */
  async tell(infos: readonly RoomInfo[], all: boolean): Promise<void> {
    const { live } = this.#account;
    const known = all ? new Map<BareJid, RoomInfo>() : live.rooms;
    live.rooms = new Map([...known, ...infos.map((info) => [info.jid, withKnown(info, known)] as const)]);
    for (const { jid } of infos) {
      this.#told.set(jid, (this.#told.get(jid) ?? 0) + 1);
      this.#account.directory.setConfirmed(jid, false);
    }
    await this.#account.store.work(async (unit) => {
      for (const info of infos) await noteRoom(unit, info);
    });
  }

  /** Who has come and gone in a large room. True where its row says something else now. */
  async tellOccupants(told: OccupantsTold): Promise<boolean> {
    const { live, cache } = this.#account;
    const info = live.rooms.get(told.room);
    if (info === undefined) return false;
    const before = told.all ? [] : info.occupants;
    const { people: _before, ...rest } = info;
    live.rooms = new Map(live.rooms).set(told.room, { ...rest, occupants: withChanges(before, told) });
    const row = cache.rooms.get(told.room);
    if (row?.closed !== true) return info.occupants.length !== live.rooms.get(told.room)?.occupants.length;
    const ranks = new Map(row.members?.map(({ jid, affiliation }) => [jid, affiliation]));
    // Whoever belongs to it comes and goes; a new face, or a new rank, means that the list is another one.
    if (told.here.every(({ jid, affiliation }) => jid !== undefined && ranks.get(jid) === affiliation)) return false;
    this.#told.set(told.room, (this.#told.get(told.room) ?? 0) + 1);
    this.#account.directory.setConfirmed(told.room, false);
    return true;
  }

  /** `nick`: as it was there before, else the local part of our address. */
  async join(
    jid: BareJid,
    { nick, ...more }: { readonly nick?: string; readonly password?: string; readonly name?: string },
  ): Promise<Result<{ readonly chat: BareJid }>> {
    const { cache, self } = this.#account;
    const named = nick ?? (cache.rooms.get(jid)?.nick || shortened(localOf(self.jid), LIMITS.nickLength));
    const answer = await this.#account.remote.call("room", { jid, action: "join", nick: named, ...more });
    // The entry that says so may still be on its way: until then it would be taken for a person.
    const joined = { jid, nick: named, joined: true } as const;
    if (answer.ok) await this.#account.store.work((unit) => applyRoom(unit, joined));
    return answer.ok ? { ok: true, value: { chat: jid } } : answer;
  }

  async leave(jid: BareJid): Promise<Result<{ readonly chat: BareJid }>> {
    // A room that we were only asked into knows us by no name; the contract wants one, and declining uses none.
    const nick = this.#account.cache.rooms.get(jid)?.nick || "-";
    const answer = await this.#account.remote.call("room", { jid, action: "leave", nick });
    return answer.ok ? { ok: true, value: { chat: jid } } : answer;
  }

  async invite(room: BareJid, jid: BareJid): Promise<Result<{ readonly done: true }>> {
    const answer = await this.#account.remote.call("invite", { room, jid });
    if (answer.ok) {
      this.#account.directory.setConfirmed(room, false);
      await this.learn(room);
    }
    return answer;
  }

  /**
   * Makes sure that everything is known that a message to this room needs: who belongs to it, and the device list of
   * each. Fails with `offline` where somebody could not be asked: that is no reason to leave them out.
   */
  async learn(jid: BareJid): Promise<Learned> {
    const row = this.#account.cache.rooms.get(jid);
    // Whether a room is private the object tells without being asked; while it does not, nobody needs its members.
    if (row?.joined !== true || row.closed !== true) return KNOWN;
    const members = await this.#members(jid);
    if (!members.ok) return members;
    const others = members.value.filter((member) => member.jid !== this.#account.self.jid);
    const answers = await inParallel(others, ASKED_AT_ONCE, (member) => this.#devicesOf(member.jid));
    this.#retry(jid);
    return answers.includes("offline") ? { ok: false, error: { kind: "offline" } } : KNOWN;
  }

  /** Tries again what nobody was known to have written; nobody waits for it. */
  #retry(jid: BareJid): void {
    if (this.#retrying.has(jid)) return;
    this.#retrying.add(jid);
    const done = retryUnknown(this.#account, jid).finally(() => this.#retrying.delete(jid));
    this.#account.store.inBackground(done);
  }

  /** Whether the members of this room were never told: they may have been asked for before the room existed. */
  isUnasked(jid: BareJid): boolean {
    const row = this.#account.cache.rooms.get(jid);
    return row?.joined === true && row.closed === true && row.members === undefined;
  }

  /** Rooms that we are in and somebody else is, or to which they belong. */
  sharedWith(jid: BareJid): readonly BareJid[] {
    const { cache, live } = this.#account;
    return [...cache.rooms.values()].flatMap((row) => {
      const here = live.rooms.get(row.jid)?.occupants.some((occupant) => occupant.jid === jid) === true;
      return row.joined && (here || row.members?.some((member) => member.jid === jid)) ? [row.jid] : [];
    });
  }

  /** Who is in a room and who belongs to it, asked of it now where that can be done. */
  async view(jid: BareJid): Promise<RoomView> {
    const learned = await this.learn(jid);
    const { self, cache, live } = this.#account;
    const row = cache.rooms.get(jid);
    const occupants = live.rooms.get(jid)?.occupants ?? [];
    const unable = new Set(row === undefined ? [] : unableIn(this.#account, row));
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

  /** The list as it is now: asked again when the room has changed while the answer was on its way. */
  async #members(jid: BareJid): Promise<Result<readonly RoomMember[]>> {
    const { cache } = this.#account;
    let failure: Failure = { kind: "offline" };
    for (let tried = 0; tried < TRIES; tried += 1) {
      const known = cache.rooms.get(jid)?.members;
      if (known !== undefined && this.#account.directory.isConfirmed(jid)) return { ok: true, value: known };
      const told = this.#told.get(jid) ?? 0;
      const answer = await this.#account.remote.call("members", { jid });
      if (!answer.ok && !isKeptFromUs(answer.error)) return answer;
      const listed = answer.ok ? answer.value.members : undefined;
      await this.#account.store.work((unit) => noteMembers(unit, jid, listed, this.#seenIn(jid)));
      if ((this.#told.get(jid) ?? 0) === told) this.#account.directory.setConfirmed(jid, true);
      else failure = { kind: "offline", detail: "the room keeps changing" };
    }
    const known = cache.rooms.get(jid)?.members;
    return known !== undefined && this.#account.directory.isConfirmed(jid)
      ? { ok: true, value: known }
      : { ok: false, error: failure };
  }

  /** Those whose addresses the room shows now. */
  #seenIn(jid: BareJid): readonly RoomMember[] {
    const { occupants = [] } = this.#account.live.rooms.get(jid) ?? {};
    return occupants.flatMap((occupant) => {
      if (occupant.jid === undefined || occupant.affiliation === "outcast") return [];
      const { affiliation } = occupant;
      return [{ jid: occupant.jid, affiliation: affiliation === "none" ? "member" : affiliation }];
    });
  }

  /** A server that answers with an error counts as "no devices"; one that could not be reached does not. */
  async #devicesOf(jid: BareJid): Promise<"told" | "offline"> {
    const empty = this.#account.cache.deviceLists.get(jid)?.devices.length === 0;
    const again = empty && (this.#askedAgain.get(jid) ?? 0) < Date.now() - EMPTY_AGAIN_MS;
    if (again) this.#askedAgain.set(jid, Date.now());
    const answer = await this.#account.directory.devices(jid, again);
    return !answer.ok && answer.error.kind === "offline" ? "offline" : "told";
  }

  /** Asks again even those who had no device a moment ago. */
  async check(jid: BareJid): Promise<void> {
    this.#askedAgain.clear();
    this.#account.directory.setConfirmed(jid, false);
    const row = this.#account.cache.rooms.get(jid);
    for (const other of row === undefined ? [] : othersIn(this.#account, row))
      this.#account.directory.unreachable.delete(other);
    await this.learn(jid);
  }
}

/** Stores what has to survive a restart. `wasClosed` stays, whatever comes later. */
async function noteRoom(unit: Unit, info: RoomInfo): Promise<void> {
  const { jid, state, closed, name, subject, invitedBy, occupants } = info;
  if (await isPerson(unit, jid)) return;
  const before = await unit.get("rooms", jid);
  if (before === undefined && state === "left" && invitedBy === undefined) return;
  const known: RoomRow = before ?? { jid, nick: occupants[0]?.nick ?? "", joined: state !== "left" };
  const { invitedBy: _before, name: _called, ...kept } = known;
  const row: RoomRow = {
    ...kept,
    ...(invitedBy !== undefined && { invitedBy }),
    ...(closed !== undefined && { closed }),
    ...(closed === true && { wasClosed: true }),
    ...(name !== undefined && { name }),
    ...(subject !== undefined && { subject }),
  };
  unit.put("rooms", row);
  if (row.joined) await changeChat(unit, jid, {});
}

/** A nickname of at most so many characters, never half of one. */
function shortened(name: string, length: number): string {
  return name.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}
