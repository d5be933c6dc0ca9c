/**
 * The rooms of this account and who is in them (XEP-0045). All of it is stored in the turn that told it: a resumed stream
 * does not tell it again.
 */
import type { Failure } from "../../worker/contract/failures.ts";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid, PictureId } from "../../worker/contract/names.ts";
import type { Affiliation, Occupant, RoomInfo } from "../../worker/contract/rooms.ts";
import type { Invitation } from "../xep/muc-invite.ts";
import type { Invitations } from "./invitations.ts";
import { Occupants } from "./occupants.ts";
import { type KeptOfRoom, type Room, roomOf, type RoomRow } from "./room.ts";
import { infoOf, invitedTo, piecesOf, SMALL_ROOM } from "./room-frames.ts";
import type { Log } from "../log/log.ts";
import { viewOf } from "./room-view.ts";
import type { RoomView } from "../ingest/room-view.ts";

/** Changes within this time are told in one frame. */
const TELL_AFTER_MS = 50;

/** Of those who belong to a room no more, so many are kept. */
const REMOVED_MAX = 200;

/** Tells every attached browser. */
type Tell = (frame: ServerFrame) => void;

export class Rooms {
  readonly occupants: Occupants;
  readonly #sql: SqlStorage;
  readonly #log: Log;
  readonly invitations: Invitations;
  /** Called in the turn that stores a new one. */
  onInvited: (room: BareJid) => void = () => undefined;
  readonly #tell: Tell;
  readonly #changed = new Set<BareJid>();
  /** Rooms where somebody came or went. */
  readonly #moved = new Set<BareJid>();
  /** Rooms whose people have to be told from the beginning. */
  readonly #anew = new Set<BareJid>();
  /** Every room there is a row of, and perhaps more: most addresses that are asked about are no rooms. */
  #jids: Set<string> | undefined;
  #telling = false;

  constructor(sql: SqlStorage, log: Log, invitations: Invitations, tell: Tell) {
    this.occupants = new Occupants(sql);
    this.#sql = sql;
    this.#log = log;
    this.invitations = invitations;
    this.#tell = tell;
  }

  /** Undefined for every address that is no room of ours. */
  get(jid: BareJid): Room | undefined {
    if (!this.#known.has(jid)) return undefined;
    const row = this.#sql.exec<RoomRow>("select * from rooms where jid = ?", jid).toArray()[0];
    return row && roomOf(row);
  }

  /** No address is a room of ours. */
  get none(): boolean {
    return this.#known.size === 0;
  }

  all(): readonly Room[] {
    return this.#sql.exec<RoomRow>("select * from rooms order by jid").toArray().map(roomOf);
  }

  /** Rooms as browsers are shown them, invitations that nobody has answered included. */
  infos(): readonly RoomInfo[] {
    const rooms = this.all().filter(({ tentative }) => !tentative);
    const asked = this.invitations.all().filter(({ room }) => !rooms.some(({ jid }) => jid === room));
    return [...rooms.map((room) => this.#info(room)), ...asked.map(invitedTo)];
  }

  /** Who is in the large ones, for a browser that has just been told of them. */
  pieces(): readonly ServerFrame[] {
    return this.all().flatMap((room) => (this.#isLarge(room) ? this.#piecesOf(room) : []));
  }

  /** Somebody asks us in. Where we are already, nothing changes. */
  invited(invitation: Invitation): void {
    if (this.get(invitation.room)?.wanted === true) return;
    if (!this.invitations.put(invitation)) return;
    this.#note(invitation.room);
    this.onInvited(invitation.room);
  }

  /** An invitation is answered, one way or the other. */
  endInvitation(jid: BareJid): void {
    if (this.invitations.end(jid)) this.#note(jid);
  }

  /** Tell the browsers about the room again: something changed that is not stored here. */
  touch(jid: BareJid): void {
    this.#note(jid);
  }

  /** From here on we want to be there, by that name; `password`: the one known before, unless another is given. */
  want(jid: BareJid, nick: string, password?: string, toBeCalled?: string): void {
    const known = this.get(jid);
    // Whoever asks us in may have said what the room asks for.
    const told = password ?? this.invitations.get(jid)?.password;
    const given = told === undefined ? {} : { password: told };
    if (!known || known.tentative) {
      const called = toBeCalled === undefined ? {} : { toBeCalled };
      this.#save({ jid, nick, state: "left", wanted: true, tentative: true, ...given, ...called });
      return;
    }
    this.endInvitation(jid);
    if (!known.wanted || known.nick !== nick) this.#log.append({ kind: "room", jid, nick, joined: true });
    this.set(jid, { wanted: true, ...given });
  }

  /** The room has let us in, by that name. */
  entered(jid: BareJid, nick: string): void {
    const room = this.get(jid);
    if (room?.tentative) {
      const { tentative: _before, ...rest } = room;
      this.endInvitation(jid);
      this.#log.append({ kind: "room", jid, nick, joined: true });
      this.#save(rest);
    }
    this.set(jid, { nick, state: "joined" });
  }

  /** It is not wanted any more: we left, or are refused for good; `why`: what was said of that, and where to go. */
  giveUp(jid: BareJid, failure?: Failure, why: Pick<Room, "reason" | "instead"> = {}): void {
    const room = this.get(jid);
    if (room?.tentative) {
      this.occupants.clear(jid);
      this.#sql.exec("delete from rooms where jid = ?", jid);
      this.#changed.delete(jid);
      return;
    }
    if (!room) return;
    if (room.wanted) this.#log.append({ kind: "room", jid, nick: room.nick, joined: false });
    const { password: _wrong, ...rest } = room;
    if (failure?.detail === "wrong password") this.#save(rest);
    this.away(jid, { wanted: false, ...(failure && { failure }), ...why });
  }

  /** We are not in it. */
  away(jid: BareJid, how: Pick<Partial<Room>, "wanted" | "failure" | "reason" | "instead">): void {
    this.occupants.clear(jid);
    const room = this.get(jid);
    if (!room) return;
    const { failure: _before, reason: _why, instead: _where, ...rest } = room;
    this.#save({ ...rest, state: "left", ...how });
  }

  /** On the way in: who is there, and what it is, will be told again. */
  enter(jid: BareJid, nick: string): void {
    this.occupants.clear(jid);
    const room = this.get(jid);
    if (!room) return;
    const { failure: _before, confirmed: _told, subjectTold: _new, ...rest } = room;
    this.#save({ ...rest, nick, state: "joining" });
  }

  /** What is not named stays as it is. */
  set(jid: BareJid, change: Partial<Omit<Room, "jid">>): void {
    const room = this.get(jid);
    if (!room) return;
    if (change.state === "joined" && room.state !== "joined") this.#anew.add(jid);
    this.#save({ ...room, ...change });
  }

  /** The room has said what it is. */
  announced(
    jid: BareJid,
    { features, ...more }: Pick<Room, "name" | "anySubject"> & { readonly features: readonly string[] },
  ): void {
    const room = this.get(jid);
    if (!room) return;
    const { name: _before, anySubject: _any, ...rest } = room;
    this.#save({ ...rest, features, confirmed: true, ...more });
  }

  /** What it is about, as it says last. */
  setSubject(jid: BareJid, told: Pick<Room, "subjectBy" | "subjectAt"> & { readonly subject: string }): void {
    const room = this.get(jid);
    if (!room) return;
    const { subjectBy: _by, subjectAt: _at, ...rest } = room;
    this.#save({ ...rest, ...told, subjectTold: true });
  }

  /** It stands as it was to be. */
  made(jid: BareJid): void {
    const room = this.get(jid);
    if (room?.toBeCalled === undefined) return;
    const { toBeCalled: _called, ...rest } = room;
    this.#save(rest);
  }

  /** What it asks of whoever enters, from now on; empty: nothing. */
  setPassword(jid: BareJid, password: string): void {
    const room = this.get(jid);
    if (!room) return;
    const { password: _before, ...rest } = room;
    this.#save({ ...rest, ...(password !== "" && { password }) });
  }

  /** Somebody belongs to it, or does no more: kept where nobody can ask who does (§9.5). */
  belongs(jid: BareJid, who: BareJid, affiliation: Affiliation): void {
    const room = this.get(jid);
    if (!room) return;
    const { removed = [], ...rest } = room;
    const out = affiliation === "outcast" || affiliation === "none";
    if (!out && !removed.includes(who)) {
      this.#note(jid);
      return;
    }
    const others = removed.filter((one) => one !== who);
    const now = out ? [...others, who].slice(-REMOVED_MAX) : others;
    this.#save({ ...rest, ...(now.length > 0 && { removed: now }) });
  }

  /** It says which picture it has, or that it has none. */
  setPicture(jid: BareJid, picture: PictureId | undefined): void {
    const room = this.get(jid);
    if (!room || room.picture === picture) return;
    const { picture: _before, ...rest } = room;
    this.#save({ ...rest, ...(picture !== undefined && { picture }) });
  }

  /** What it is may have changed: until it says so again, nobody knows. */
  doubted(jid: BareJid): void {
    this.set(jid, { confirmed: false });
  }

  /** Somebody is there, or is there with another role or affiliation. */
  put(jid: BareJid, occupant: Occupant): void {
    const room = this.get(jid);
    if (room && this.occupants.put(jid, occupant, occupant.nick === room.nick)) this.#noteMove(room);
  }

  /** Somebody has gone or has another nickname. */
  remove(jid: BareJid, nick: string): void {
    const room = this.get(jid);
    if (room && this.occupants.remove(jid, nick)) this.#noteMove(room);
  }

  /** Under which name we speak there. */
  self({ jid, nick }: Room): { readonly nick: string; readonly id?: string } {
    const id = this.occupants.byNick(jid, nick)?.id;
    return { nick, ...(id !== undefined && { id }) };
  }

  /** What a stanza of that room has to be read with; undefined for every other address. */
  view(jid: BareJid, account: BareJid): RoomView | undefined {
    const room = this.get(jid);
    return room && viewOf(room, this.occupants, (originId) => this.#log.own(account, originId)?.chat === jid);
  }

  /** Rows are hardly ever deleted, so what a turn that is taken back leaves here costs a look into the table. */
  get #known(): Set<string> {
    this.#jids ??= new Set(
      this.#sql
        .exec<{ jid: string }>("select jid from rooms")
        .toArray()
        .map(({ jid }) => jid),
    );
    return this.#jids;
  }

  #save({ jid, nick, state, ...kept }: Room): void {
    this.#known.add(jid);
    this.#sql.exec(
      "insert or replace into rooms (jid, nick, state, info) values (?, ?, ?, ?)",
      jid,
      nick,
      state,
      JSON.stringify(kept satisfies KeptOfRoom),
    );
    this.#note(jid);
  }

  /** While we enter, the list of people is still being told: they are shown together, once we are in. */
  #noteMove({ jid, state }: Room): void {
    if (state !== "joined") return;
    this.#moved.add(jid);
    this.#tellSoon();
  }

  #note(jid: BareJid): void {
    this.#changed.add(jid);
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#telling) return;
    this.#telling = true;
    setTimeout(() => this.#flush(), TELL_AFTER_MS);
  }

  #flush(): void {
    this.#telling = false;
    const [changed, moved, anew] = [this.#changed, this.#moved, this.#anew].map((rooms) => new Set(rooms));
    for (const rooms of [this.#changed, this.#moved, this.#anew]) rooms.clear();
    const frames: ServerFrame[] = [];
    for (const jid of moved ?? []) {
      const room = this.get(jid);
      // A small room is told as a whole.
      if (!room || !this.#isLarge(room)) changed?.add(jid);
      else if (!anew?.has(jid))
        frames.push({ type: "occupants", room: jid, all: false, ...this.occupants.changes(jid) });
    }
    const rooms = [...(changed ?? [])].flatMap((jid) => this.#infoOf(jid) ?? []);
    if (rooms.length > 0) this.#tell({ type: "rooms", rooms });
    for (const jid of anew ?? []) {
      const room = this.get(jid);
      this.occupants.changes(jid);
      if (room && this.#isLarge(room)) frames.push(...this.#piecesOf(room));
    }
    for (const frame of frames) this.#tell(frame);
  }

  /** Nothing of a room that we are on the way into for the first time, but for an invitation there. */
  #infoOf(jid: BareJid): RoomInfo | undefined {
    const room = this.get(jid);
    if (room && !room.tentative) return this.#info(room);
    const invitation = this.invitations.get(jid);
    if (invitation) return invitedTo(invitation);
    return room ? undefined : { jid, state: "left", occupants: [] };
  }

  #info(room: Room): RoomInfo {
    const { jid, nick, state } = room;
    const invitation = this.invitations.get(jid);
    // While we enter, the list of occupants is incomplete.
    if (state !== "joined") return infoOf(room, invitation, []);
    if (!this.#isLarge(room)) {
      this.occupants.changes(jid);
      return infoOf(room, invitation, this.occupants.all(jid, nick));
    }
    const self = this.occupants.byNick(jid, nick);
    return infoOf(room, invitation, self ? [self] : [], this.occupants.count(jid));
  }

  #isLarge({ jid, state }: Room): boolean {
    return state === "joined" && this.occupants.count(jid) > SMALL_ROOM;
  }

  #piecesOf({ jid, nick }: Room): readonly ServerFrame[] {
    return piecesOf(jid, this.occupants.all(jid, nick));
  }
}
