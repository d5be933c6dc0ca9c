/**
 * The rooms of this account and who is in them (XEP-0045). All of it is stored in the turn that told it: a resumed stream
 * does not tell it again.
 */
import type { BareJid, Failure, Occupant, RoomInfo } from "../../worker/contract.ts";
import type { Invitation } from "../xep/muc-invite.ts";
import type { Invitations } from "./invitations.ts";
import type { Log } from "../log/log.ts";
import { NS_MAM } from "../xep/mam.ts";
import { NS_SID } from "../xep/ids.ts";
import { MEMBERS_ONLY, NON_ANONYMOUS, NS_OCCUPANT_ID } from "../xep/muc.ts";
import type { RoomView } from "../ingest/room-view.ts";

export type Room = {
  readonly jid: BareJid;
  /** Our name there: as the room tells it, or as we ask for it. */
  readonly nick: string;
  readonly state: RoomInfo["state"];
  /** We are there, or want to be as soon as that is possible. */
  readonly wanted: boolean;
  readonly failure?: Failure;
  readonly subject?: string;
  /** What the room announces (XEP-0030); undefined until it was asked. */
  readonly features?: readonly string[];
};

type Row = { jid: string; nick: string; state: string; info: string };
type Kept = Omit<Room, "jid" | "nick" | "state">;

/** Of a room with more people the rest is not kept: it still works, their addresses are not known. */
const OCCUPANTS_MAX = 2_000;
/** Changes within this time are told in one frame. */
const TELL_AFTER_MS = 50;

export class Rooms {
  readonly #sql: SqlStorage;
  readonly #log: Log;
  readonly #invitations: Invitations;
  readonly #tell: (rooms: readonly RoomInfo[]) => void;
  readonly #changed = new Set<BareJid>();
  /** Every room there is a row of, and perhaps more: most addresses that are asked about are no rooms. */
  #jids: Set<string> | undefined;
  #telling = false;

  constructor(sql: SqlStorage, log: Log, invitations: Invitations, tell: (rooms: readonly RoomInfo[]) => void) {
    this.#sql = sql;
    this.#log = log;
    this.#invitations = invitations;
    this.#tell = tell;
  }

  /** Undefined for every address that is no room of ours. */
  get(jid: BareJid): Room | undefined {
    if (!this.#known.has(jid)) return undefined;
    const row = this.#sql.exec<Row>("select * from rooms where jid = ?", jid).toArray()[0];
    return row && roomOf(row);
  }

  /** No address is a room of ours. */
  get none(): boolean {
    return this.#known.size === 0;
  }

  all(): readonly Room[] {
    return this.#sql.exec<Row>("select * from rooms order by jid").toArray().map(roomOf);
  }

  /** Rooms as browsers are shown them, invitations that nobody has answered included. */
  infos(): readonly RoomInfo[] {
    const rooms = this.all();
    const asked = this.#invitations.all().filter(({ room }) => !rooms.some(({ jid }) => jid === room));
    return [...rooms.map((room) => this.#info(room)), ...asked.map(invitedTo)];
  }

  /** Somebody asks us in. Where we are already, nothing changes. */
  invited(jid: BareJid, by: BareJid): void {
    if (this.get(jid)?.wanted === true) return;
    if (this.#invitations.put({ room: jid, by })) this.#note(jid);
  }

  /** An invitation is answered, one way or the other. */
  endInvitation(jid: BareJid): void {
    if (this.#invitations.end(jid)) this.#note(jid);
  }

  /** Tell the browsers about the room again: something changed that is not stored here. */
  touch(jid: BareJid): void {
    this.#note(jid);
  }

  /** From here on we want to be there, by that name. */
  want(jid: BareJid, nick: string): void {
    this.endInvitation(jid);
    const known = this.get(jid);
    if (!known?.wanted || known.nick !== nick) this.#log.append({ kind: "room", jid, nick, joined: true });
    if (known) this.set(jid, { wanted: true });
    else this.#save({ jid, nick, state: "left", wanted: true });
  }

  /** It is not wanted any more: we left, or are refused for good. */
  giveUp(jid: BareJid, failure?: Failure): void {
    const room = this.get(jid);
    if (!room) return;
    if (room.wanted) this.#log.append({ kind: "room", jid, nick: room.nick, joined: false });
    this.away(jid, { wanted: false, ...(failure && { failure }) });
  }

  /** We are not in it. */
  away(jid: BareJid, how: Pick<Partial<Room>, "wanted" | "failure">): void {
    this.#sql.exec("delete from occupants where room = ?", jid);
    const room = this.get(jid);
    if (!room) return;
    const { failure: _before, ...rest } = room;
    this.#save({ ...rest, state: "left", ...how });
  }

  /** On the way in: who is there will be told again. */
  enter(jid: BareJid, nick: string): void {
    this.#sql.exec("delete from occupants where room = ?", jid);
    const room = this.get(jid);
    if (!room) return;
    const { failure: _before, ...rest } = room;
    this.#save({ ...rest, nick, state: "joining" });
  }

  /** What is not named stays as it is. */
  set(jid: BareJid, change: Partial<Omit<Room, "jid">>): void {
    const room = this.get(jid);
    if (room) this.#save({ ...room, ...change });
  }

  /** Somebody is there, or is there with another role or affiliation. */
  put(jid: BareJid, occupant: Occupant): void {
    const known = this.occupant(jid, occupant.nick);
    if (!known && this.#count(jid) >= OCCUPANTS_MAX) return;
    const info = JSON.stringify(occupant);
    if (known && JSON.stringify(known) === info) return;
    this.#sql.exec("insert or replace into occupants (room, nick, info) values (?, ?, ?)", jid, occupant.nick, info);
    this.#noteOccupants(jid);
  }

  /** Somebody has gone or has another nickname. */
  remove(jid: BareJid, nick: string): void {
    if (this.#sql.exec("delete from occupants where room = ? and nick = ?", jid, nick).rowsWritten > 0)
      this.#noteOccupants(jid);
  }

  /** By the nickname; undefined where nobody has it. */
  occupant(jid: BareJid, nick: string): Occupant | undefined {
    const row = this.#sql
      .exec<{ info: string }>("select info from occupants where room = ? and nick = ?", jid, nick)
      .toArray()[0];
    return row && (JSON.parse(row.info) as Occupant);
  }

  /** Under which name we speak there. */
  self({ jid, nick }: Room): { readonly nick: string; readonly id?: string } {
    const id = this.occupant(jid, nick)?.id;
    return { nick, ...(id !== undefined && { id }) };
  }

  occupants(jid: BareJid): readonly Occupant[] {
    return this.#sql
      .exec<{ info: string }>("select info from occupants where room = ? order by nick", jid)
      .toArray()
      .map((row) => JSON.parse(row.info) as Occupant);
  }

  /** What a stanza of that room has to be read with; undefined for every other address. */
  view(jid: BareJid, account: BareJid): RoomView | undefined {
    const room = this.get(jid);
    if (!room) return undefined;
    const features = new Set(room.features);
    const own = this.occupant(jid, room.nick);
    return {
      jid,
      open: room.state !== "left",
      nick: room.nick,
      ...(own?.id !== undefined && { id: own.id }),
      guards: {
        archiveIds: features.has(NS_MAM) || features.has(NS_SID),
        occupantIds: features.has(NS_OCCUPANT_ID),
      },
      nonAnonymous: features.has(NON_ANONYMOUS),
      byNick: (nick) => this.occupant(jid, nick),
      byId: (id) => this.#byId(jid, id),
      sent: (originId) => this.#log.own(account, originId)?.chat === jid,
    };
  }

  #byId(jid: BareJid, id: string): Occupant | undefined {
    const row = this.#sql
      .exec<{ info: string }>("select info from occupants where room = ? and json_extract(info, '$.id') = ?", jid, id)
      .toArray()[0];
    return row && (JSON.parse(row.info) as Occupant);
  }

  #count(jid: BareJid): number {
    return this.#sql.exec<{ n: number }>("select count(*) as n from occupants where room = ?", jid).one().n;
  }

  /** Rows are never deleted, so what a turn that is taken back leaves here costs a look into the table. */
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
      JSON.stringify(kept satisfies Kept),
    );
    this.#note(jid);
  }

  /** While we enter, the list of people is still being told: they are shown together, once we are in. */
  #noteOccupants(jid: BareJid): void {
    if (this.get(jid)?.state === "joined") this.#note(jid);
  }

  #note(jid: BareJid): void {
    this.#changed.add(jid);
    if (this.#telling) return;
    this.#telling = true;
    setTimeout(() => this.#flush(), TELL_AFTER_MS);
  }

  #flush(): void {
    this.#telling = false;
    const infos = [...this.#changed].map((jid) => this.#infoOf(jid));
    this.#changed.clear();
    if (infos.length > 0) this.#tell(infos);
  }

  #infoOf(jid: BareJid): RoomInfo {
    const room = this.get(jid);
    if (room) return this.#info(room);
    const invitation = this.#invitations.get(jid);
    return invitation ? invitedTo(invitation) : { jid, state: "left", occupants: [] };
  }

  #info(room: Room): RoomInfo {
    const { jid, nick, state, failure, subject, features } = room;
    // While we enter, the list of occupants is incomplete.
    const occupants = state === "joined" ? this.occupants(jid) : [];
    const invitation = this.#invitations.get(jid);
    return {
      jid,
      state,
      ...(failure && { failure }),
      ...(features && { closed: features.includes(MEMBERS_ONLY) && features.includes(NON_ANONYMOUS) }),
      ...(subject !== undefined && subject !== "" && { subject }),
      ...(invitation && { invitedBy: invitation.by }),
      occupants: [
        ...occupants.filter((occupant) => occupant.nick === nick),
        ...occupants.filter((occupant) => occupant.nick !== nick),
      ],
    };
  }
}

function invitedTo({ room, by }: Invitation): RoomInfo {
  return { jid: room, state: "left", invitedBy: by, occupants: [] };
}

/** Whether a room keeps an archive that can be asked for what we missed. */
export function keepsArchive(room: Room): boolean {
  return room.features?.includes(NS_MAM) ?? false;
}

function roomOf({ jid, nick, state, info }: Row): Room {
  return { jid: jid as BareJid, nick, state: state as Room["state"], ...(JSON.parse(info) as Kept) };
}
