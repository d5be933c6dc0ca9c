/**
 * The rooms of an account as this browser knows them: what the object tells of them, who belongs to them, and which
 * devices those people have. What was known last is kept, so that a restart knows whom a message has to reach.
 */
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomInfo, RoomMember } from "../../../worker/contract/rooms.ts";
import type { Account } from "../account.ts";
import { isKeptFromUs, noteMembers } from "./members.ts";
import { withChanges, withKnown } from "./occupants.ts";
import { othersIn } from "./audience.ts";
import { inParallel } from "../in-parallel.ts";
import { retryUnknown } from "../reading/unknown-authors.ts";
import { isPerson } from "../reading/room-entries.ts";
import type { OccupantsTold } from "../reading/sync.ts";
import { changeChat } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import type { RoomRow } from "../store/people-rows.ts";

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
      this.changed(jid);
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
    this.changed(told.room);
    return true;
  }

  /** Somebody belongs to it now, or does no more: whom a message has to reach is asked again. */
  changed(room: BareJid): void {
    this.#told.set(room, (this.#told.get(room) ?? 0) + 1);
    this.#account.directory.doubt(room);
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

  /** The list as it is now: asked again when the room has changed while the answer was on its way. */
  async #members(jid: BareJid): Promise<Result<readonly RoomMember[]>> {
    const { cache, directory } = this.#account;
    const known = () => cache.rooms.get(jid)?.members;
    let failure: Failure = { kind: "offline" };
    for (let tried = 0; tried < TRIES; tried += 1) {
      const members = known();
      if (members !== undefined && directory.isConfirmed(jid)) return { ok: true, value: members };
      const told = this.#told.get(jid) ?? 0;
      const since = directory.hearing;
      const answer = await this.#account.remote.call("members", { jid });
      if (!answer.ok && !isKeptFromUs(answer.error)) return answer;
      const listed = answer.ok ? answer.value.members : undefined;
      const { removed } = this.#account.live.rooms.get(jid) ?? {};
      await this.#account.store.work((unit) => noteMembers(unit, jid, listed, this.#seenIn(jid), removed));
      if ((this.#told.get(jid) ?? 0) === told) {
        directory.confirm(jid, since);
        return { ok: true, value: known() ?? [] };
      }
      failure = { kind: "offline", detail: "the room keeps changing" };
    }
    return { ok: false, error: failure };
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
    this.#account.directory.doubt(jid);
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
