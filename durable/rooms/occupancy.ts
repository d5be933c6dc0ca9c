/**
 * Being in rooms (XEP-0045 §7): entering, entering again on every new stream, noticing that a room has let us go
 * (XEP-0410), leaving. What a stanza of a room says is applied here, in its turn; what people said goes on to the log.
 */
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { StanzaEvent, RoomEvent } from "../ingest/stanza-event.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { Applier } from "../store/apply.ts";
import { RoomArchives } from "./archives.ts";
import { isRoomEvent, RoomEvents } from "./events.ts";
import { type JoinEnd, Joins } from "./joins.ts";
import { sendBack } from "./whispers.ts";
import { refusalOf, type Refusal, retryAt, selfPingSays, SILENCE_MS } from "./refusals.ts";
import { makePrivate, type RoomLink } from "./administration.ts";
import { lineOf, renamed } from "./happenings.ts";
import { RoomKinds } from "./kinds.ts";
import { failRow, type Leaving, maySend, writeWaiting } from "./outgoing.ts";
import { keepsArchive, type Room } from "../store/room.ts";
import type { Stores } from "../store/stores.ts";
import { buildLeave, buildSelfPing, type History, isPrivate, occupantAddress } from "../xep/muc.ts";
import { buildDestruction } from "../xep/muc-owner.ts";

/** Under which name, and what a room may ask for; `name`: what a room that is made by this is called. */
export type Entering = { readonly nick: string; readonly password?: string; readonly name?: string };

type Done = Result<{ readonly done: true }>;
const DONE: Done = { ok: true, value: { done: true } };
const OFFLINE: Done = { ok: false, error: { kind: "offline" } };

const NOT_PRIVATE: Failure = { kind: "peer-refused", detail: "not private" };

/** Nobody wants to be there any more. */
const LEFT: JoinEnd = { kind: "lost" };

/** A nickname that is taken gets so many underscores at most. */
const UNDERSCORES_MAX = 2;
/** Without an archive, what the room repeats of its past by itself. */
const HISTORY_MAX = 50;

export class RoomOccupancy {
  readonly #stores: Stores;
  readonly #link: RoomLink;
  readonly #archives: RoomArchives;
  readonly #events: RoomEvents;
  readonly #kinds: RoomKinds;
  /** Rooms whose archive is being read. */
  readonly #reading = new Set<BareJid>();
  readonly #entering = new Map<BareJid, Promise<Done>>();
  readonly #joins: Joins;
  /** When each room was last heard of on this stream. */
  readonly #heard = new Map<BareJid, Time>();
  readonly #tries = new Map<BareJid, { readonly at: Time; readonly failures: number }>();

  constructor(stores: Stores, link: RoomLink, applier: Applier) {
    this.#stores = stores;
    this.#link = link;
    this.#archives = new RoomArchives(stores, link, applier);
    this.#joins = new Joins(link);
    this.#events = new RoomEvents(stores.rooms, {
      joined: (jid, result) => this.#joins.settle(jid, result),
      ended: (jid, refusal, why) => this.#end(jid, refusal, why),
      happened: (jid, what) => this.#archives.live(jid, [lineOf(jid, what, Date.now())]),
      changed: (jid) => this.#kinds.changed(jid),
      whispered: (whisper) => this.#archives.live(whisper.room, sendBack(link, whisper)),
    });
    this.#kinds = new RoomKinds(stores, link, (jid, before) => {
      const room = stores.rooms.get(jid);
      if (room?.state !== "joined") return;
      const what = renamed(before, room.name);
      if (what) stores.turn(() => this.#archives.live(jid, [lineOf(jid, what, Date.now())]));
      drop(this.#catchUp(jid));
    });
  }

  /** The archives of the rooms, which results of queries go to. */
  get archives(): RoomArchives {
    return this.#archives;
  }

  /**
   * Enter; also under another name where we are in already. A room that we never were in and are not let into is as if
   * nobody had asked. Fails with `offline`, `peer-refused`, `malformed`.
   */
  async join(jid: BareJid, { nick, password, name }: Entering): Promise<Done> {
    if (!this.#link.live) return OFFLINE;
    if (occupantAddress(jid, nick) === undefined) return { ok: false, error: { kind: "malformed", detail: "nick" } };
    const known = this.#stores.rooms.get(jid);
    if (known?.state === "joined" && known.nick === nick) return DONE;
    this.#stores.turn(() => this.#stores.rooms.want(jid, nick, password, name));
    return this.#enter(jid, nick);
  }

  /**
   * Leave for good, or decline an invitation. Fails with `offline`: a room that is not told keeps us as an occupant.
   */
  async leave(jid: BareJid): Promise<Done> {
    const room = this.#stores.rooms.get(jid);
    this.#stores.turn(() => this.#stores.rooms.endInvitation(jid));
    if (!room) return DONE;
    const occupant = occupantAddress(jid, room.nick);
    if (room.state !== "left" && occupant !== undefined && !this.#link.send(buildLeave(occupant))) return OFFLINE;
    this.#stores.turn(() => this.#end(jid));
    this.#joins.settle(jid, { kind: "lost" });
    return DONE;
  }

  /** Its owner changes what it is, which is told as soon as it says so. Fails with what the change fails with. */
  async configure(jid: BareJid, change: (link: RoomLink) => Promise<Done>): Promise<Done> {
    const changed = await change(this.#link);
    // It may say by itself that it has changed (§10.2.1); not every service does.
    if (changed.ok && this.#stores.rooms.get(jid)?.state === "joined") await this.#kinds.ask(jid);
    return changed;
  }

  /** A new stream: we are in no room any more, so all that are wanted are entered again. */
  begin(): void {
    this.#tries.clear();
    for (const { jid, nick, wanted } of this.#stores.rooms.all()) if (wanted) drop(this.#enter(jid, nick));
  }

  /** The same stream goes on: who is there is known, what was under way is begun again. */
  resumed(): void {
    for (const room of this.#stores.rooms.all()) {
      if (room.state === "joining") drop(this.#enter(room.jid, room.nick));
      else if (room.state === "joined") drop(this.#goOn(room));
      else if (room.wanted) drop(this.#enter(room.jid, room.nick));
    }
  }

  /** Whether what people write into this room may go out at once. */
  open(jid: BareJid, leaving: Leaving): boolean {
    const room = this.#stores.rooms.get(jid);
    if (!this.#link.live || room?.state !== "joined" || !this.#archives.caughtUp(jid)) return false;
    return maySend(room, leaving) === "yes";
  }

  /**
   * Whether an own message that our server has acknowledged still waits for its reflection by the room (XEP-0045 §7.4).
   * Only in a room with an archive, where a lost one can be found; elsewhere the acknowledgement has to do.
   */
  awaitsCopy(client: string): boolean {
    if (this.#stores.rooms.none) return false;
    const own = this.#stores.log.own(this.#stores.meta.account, client);
    const room = own && this.#stores.rooms.get(own.chat);
    if (own === undefined || room === undefined || !keepsArchive(room)) return false;
    // Nobody gives a whisper back.
    return this.#stores.log.messageAt(own.id)?.whisper === undefined;
  }

  /** The stream has ended: nobody answers any more. */
  lost(): void {
    this.#heard.clear();
    this.#archives.lost();
    this.#kinds.lost();
    this.#joins.lost();
  }

  /** Checks rooms that were silent for long by a self-ping (XEP-0410), and enters again those that are away. */
  heartbeat(now: Time): void {
    for (const room of this.#stores.rooms.all()) {
      const { jid, nick, state, wanted } = room;
      if (!wanted || this.#entering.has(jid)) continue;
      const tried = this.#tries.get(jid);
      const silent = now - (this.#heard.get(jid) ?? 0) > SILENCE_MS;
      if (state === "joined" && silent) drop(this.#ping(room));
      else if (state !== "joined" && (!tried || retryAt(tried.at, tried.failures) <= now)) drop(this.#enter(jid, nick));
      else if (state === "joined" && this.#archives.unread(jid)) drop(this.#catchUp(jid));
    }
  }

  /** Applies what rooms tell about themselves, inside a turn; answers with the rest, which is for the log. */
  take(events: readonly (StanzaEvent | RoomEvent)[]): readonly StanzaEvent[] {
    return events.flatMap((event) => {
      if (!isRoomEvent(event)) return [event];
      this.#heard.set(event.room, Date.now());
      this.#events.take(event);
      if (event.kind === "room-gone" || event.kind === "room-renamed") {
        const nick = event.self ? undefined : event.nick;
        this.#stores.typing.stop(event.room, nick);
      }
      return [];
    });
  }

  /** What was said in a room, live. False where it was not said in a room. */
  live(events: readonly StanzaEvent[]): boolean {
    const [event] = events;
    if (event?.kind !== "message" && event?.kind !== "bounce" && event?.kind !== "unreadable") return false;
    const room = event.chat === undefined ? undefined : this.#stores.rooms.get(event.chat);
    if (event.chat === undefined || room === undefined) return false;
    // A room that was left is heard of no more, whatever it goes on to say.
    if (!room.wanted && event.kind !== "bounce") return true;
    this.#heard.set(event.chat, Date.now());
    this.#archives.live(event.chat, events);
    if (event.kind === "bounce" && event.condition === "not-acceptable") this.#doubt(event.chat);
    return true;
  }

  /** We are out of the room for good: messages that wait to be sent there fail. */
  #end(jid: BareJid, refusal?: Refusal, why?: Pick<Room, "reason" | "instead">): void {
    const { rooms, outbox } = this.#stores;
    rooms.giveUp(jid, refusal?.failure, why);
    this.#archives.forget(jid);
    this.#kinds.stop(jid);
    const failure = refusal?.failure ?? { kind: "peer-refused", detail: "not in the room" };
    for (const row of outbox.unconfirmedIn(jid)) failRow(this.#stores, row, failure);
  }

  /** A room that has answered a first entering with a refusal is given up: nobody has heard of it yet. */
  #orGivenUp(jid: BareJid, entered: Done): Done {
    const refused = !entered.ok && entered.error.kind !== "offline" ? entered.error : undefined;
    if (refused && this.#stores.rooms.get(jid)?.tentative)
      this.#stores.turn(() => this.#end(jid, { failure: refused, final: true }));
    return entered;
  }

  #enter(jid: BareJid, nick: string): Promise<Done> {
    const before = this.#entering.get(jid);
    if (before) return before;
    const entering = this.#tryToEnter(jid, nick)
      .then((entered) => this.#orGivenUp(jid, entered))
      .finally(() => this.#entering.delete(jid));
    this.#entering.set(jid, entering);
    return entering;
  }

  async #tryToEnter(jid: BareJid, nick: string): Promise<Done> {
    const { rooms } = this.#stores;
    const renaming = rooms.get(jid)?.state === "joined" && rooms.get(jid)?.nick !== nick;
    if (!renaming) {
      this.#stores.turn(() => rooms.enter(jid, nick));
      this.#archives.begin(jid);
      // A room that does not say what it is can be entered all the same: it is asked again.
      if ((await this.#kinds.ask(jid)) === "lost") return OFFLINE;
    }
    // Somebody may leave while it is asked: who enters behind that stays there without knowing.
    const wanted = () => rooms.get(jid)?.wanted === true;
    let answer = wanted() ? await this.#requestJoin(jid, nick) : LEFT;
    for (let taken = 1; taken <= UNDERSCORES_MAX && isTaken(answer) && wanted(); taken += 1) {
      answer = await this.#requestJoin(jid, nick + "_".repeat(taken));
    }
    switch (answer.kind) {
      case "in":
        this.#tries.delete(jid);
        if (answer.created) {
          // It is made by whoever enters it next where the stream ends in between.
          if (!(await makePrivate(this.#link, jid, rooms.get(jid)?.toBeCalled))) return OFFLINE;
          this.#stores.turn(() => rooms.made(jid));
          await this.#kinds.ask(jid);
          if (isOpen(rooms.get(jid))) return this.#closeAgain(jid);
        } else if (rooms.get(jid)?.confirmed !== true) this.#kinds.again(jid);
        if (!renaming) drop(this.#catchUp(jid));
        return DONE;
      case "refused":
        return renaming
          ? refusedAs(answer.condition)
          : this.#refused(jid, refusalOf(answer.condition, rooms.get(jid)?.password !== undefined));
      case "out":
        return { ok: false, error: answer.refusal.failure };
      case "timed-out":
        return this.#refused(jid, { failure: { kind: "peer-refused", detail: "no answer" }, final: false });
      case "lost":
        return OFFLINE;
    }
  }

  #refused(jid: BareJid, refusal: Refusal): Done {
    const failures = (this.#tries.get(jid)?.failures ?? 0) + 1;
    this.#tries.set(jid, { at: Date.now(), failures });
    this.#stores.turn(() => {
      if (refusal.final) this.#end(jid, refusal);
      else this.#stores.rooms.away(jid, { failure: refusal.failure });
      this.#kinds.stop(jid);
    });
    return { ok: false, error: refusal.failure };
  }

  /** Whoever makes a room wants a private one: where the service makes another, nobody is to believe in it. */
  async #closeAgain(jid: BareJid): Promise<Done> {
    const occupant = occupantAddress(jid, this.#stores.rooms.get(jid)?.nick ?? "");
    await this.#link.request(buildDestruction(jid, undefined, undefined));
    if (occupant !== undefined && this.#stores.rooms.get(jid)?.state === "joined")
      this.#link.send(buildLeave(occupant));
    this.#stores.turn(() => this.#end(jid, { failure: NOT_PRIVATE, final: true }));
    return { ok: false, error: NOT_PRIVATE };
  }

  #requestJoin(jid: BareJid, nick: string): Promise<JoinEnd> {
    return this.#joins.request(jid, nick, this.#wantedHistory(jid), this.#stores.rooms.get(jid)?.password);
  }

  /** Nothing where its archive is read, or may be as soon as the room has said that it has one. */
  #wantedHistory(jid: BareJid): History {
    const room = this.#stores.rooms.get(jid);
    if (room && (keepsArchive(room) || room.features === undefined)) return "none";
    const since = this.#archives.repeatedSince(jid);
    return { max: HISTORY_MAX, ...(since !== undefined && { since }) };
  }

  /** What was missed, then what waits to be sent: it may be among what was missed. Both wait until the room has said what it is. */
  async #catchUp(jid: BareJid): Promise<void> {
    if (this.#stores.rooms.get(jid)?.features === undefined || this.#reading.has(jid)) return;
    this.#reading.add(jid);
    try {
      if (!this.#archives.caughtUp(jid) && !(await this.#archives.catchUp(jid))) return;
    } finally {
      this.#reading.delete(jid);
    }
    writeWaiting(this.#stores, this.#link, jid);
  }

  async #goOn(room: Room): Promise<void> {
    const { jid, confirmed } = room;
    // Where there is an archive it tells what was missed; elsewhere nothing would, if the room has let us go meanwhile.
    if (!keepsArchive(room)) drop(this.#ping(room));
    if (confirmed !== true && (await this.#kinds.ask(jid)) === "lost") return;
    await this.#catchUp(jid);
  }

  async #ping({ jid, nick }: Room): Promise<void> {
    const occupant = occupantAddress(jid, nick);
    if (occupant === undefined) return;
    const says = selfPingSays(await this.#link.request(buildSelfPing(occupant)));
    if (says === "here") this.#heard.set(jid, Date.now());
    else if (says === "gone" && this.#stores.rooms.get(jid)?.state === "joined") await this.#enter(jid, nick);
  }

  /** The room says that we are not in it (§7.4). */
  #doubt(jid: BareJid): void {
    const room = this.#stores.rooms.get(jid);
    // Not in this turn, which may still be rolled back.
    if (room?.state === "joined") drop(Promise.resolve().then(() => this.#enter(jid, room.nick)));
  }
}

/** It has said what it is, and that is no private one. */
function isOpen(room: Room | undefined): boolean {
  return room?.confirmed === true && room.features !== undefined && !isPrivate(room.features);
}

function isTaken(end: JoinEnd): boolean {
  return end.kind === "refused" && end.condition === "conflict";
}

function refusedAs(condition: string): Done {
  return { ok: false, error: refusalOf(condition).failure };
}
