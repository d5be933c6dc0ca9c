/**
 * Reads the object's log: frames in their order, entries strictly in log order, one batch in one transaction together
 * with the cursor, the acknowledgement after the commit.
 */
import type { Choice } from "../../../worker/contract/choices.ts";
import type { Entry } from "../../../worker/contract/entries.ts";
import type { BrowserFrame, ServerFrame } from "../../../worker/contract/frames.ts";
import type { BareJid, Cursor, DeviceId, Seq } from "../../../worker/contract/names.ts";
import type { Occupant, RoomInfo } from "../../../worker/contract/rooms.ts";
import type { PresenceInfo } from "../../../worker/contract/state.ts";
import { CONTRACT_VERSION } from "../../../worker/contract/version.ts";
import type { Account } from "../account.ts";
import { Acknowledgement } from "./acknowledgement.ts";
import { applyEntry, isKnownKind } from "./entries.ts";
import { forgetPlaces, takeBackAccepted } from "./epoch.ts";
import { noteTold } from "./heads.ts";
import { lookupsOf } from "./finding.ts";
import { markMalformed } from "./messages.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { report } from "../../../worker/shared/report.ts";
import { Mutex } from "../../../worker/shared/mutex.ts";
import { compareSendCounter } from "../object/send-counter.ts";
import { noteRemoved } from "../omemo/removed.ts";
import { CommitError } from "../store/unit.ts";

/** Entries in one transaction. Each waits for the disk, so a long absence is read in few of them. */
const BATCH = 200;

/** What one browser says to another is no part of the log. */
export type SyncFrame = Exclude<ServerFrame, { readonly type: "relayed" }>;

export type SyncEvents = {
  readonly send: (frame: BrowserFrame) => void;
  /** Link or browsers changed. */
  readonly stateChanged: () => void;
  /** These people have come online somewhere, or are no longer. */
  readonly presenceChanged: (jids: readonly BareJid[]) => void;
  /** Who writes in a conversation now. */
  readonly typingTold: (told: { readonly chat: BareJid; readonly who: readonly string[] }) => void;
  readonly devicesChanged: (jid: BareJid) => void;
  /** With `all` these are all rooms; else only those that changed. */
  readonly roomsTold: (rooms: readonly RoomInfo[], all: boolean) => Promise<void>;
  /** What the person has chosen: with `all` everything that the object has. */
  readonly choicesTold: (revision: number, choices: readonly Choice[], all: boolean) => Promise<void>;
  /** Who has come and gone in a large room; with `all` the list begins anew. */
  readonly occupantsTold: (told: OccupantsTold) => Promise<void>;
  /** The whole log has been read, and the object has read the whole archive. */
  readonly caughtUp: () => void;
  readonly copyTold: () => void;
  /** The socket said hello: calls go through. `renew`: the session cookie is old. */
  readonly attached: (renew: boolean) => void;
  readonly bye: (reason: "signed-out" | "revoked" | "replaced") => void;
  /** An entry could not be stored (the disk is full): the log is to be read again later, from the cursor. */
  readonly stalled: () => void;
};

export type OccupantsTold = {
  readonly room: BareJid;
  readonly all: boolean;
  readonly here: readonly Occupant[];
  readonly gone: readonly string[];
};

export class Sync {
  readonly #account: Account;
  readonly #events: SyncEvents;
  readonly #frames = new Mutex();
  readonly #waiting: SyncFrame[] = [];
  readonly #acknowledgement: Acknowledgement;
  #cursor: Cursor | undefined;
  #caughtUp = false;
  #stalled = false;
  /** A newer object has written what only its own page can read: nothing behind it is read here. */
  #outdated = false;

  constructor(account: Account, events: SyncEvents) {
    this.#account = account;
    this.#events = events;
    this.#acknowledgement = new Acknowledgement(events.send, account.delays.acknowledgeMs);
  }

  /** Where the log is read from next; undefined before the first entry. */
  async cursor(): Promise<Cursor | undefined> {
    this.#cursor ??= await this.#account.store.work(async (unit) => unit.meta("cursor"));
    return this.#cursor;
  }

  /** What is not acknowledged yet is asked for from the cursor by the next socket, so nothing is lost. */
  stop(): void {
    this.#acknowledgement.stop();
  }

  /** Takes a frame; it is processed after those before it, entries together with the entries that wait behind them. */
  frame(frame: SyncFrame): Promise<void> {
    this.#waiting.push(frame);
    return this.#frames.run(async () => {
      const next = takeNext(this.#waiting, BATCH);
      if (next !== undefined) await this.#take(next);
    });
  }

  /** Before anything that waits is sealed. */
  async #noteRemoved(removed: readonly DeviceId[] = []): Promise<void> {
    const { live, store, self, directory } = this.#account;
    live.removed = removed;
    await store.work((unit) => noteRemoved(unit, self.jid, removed, directory.known(self.jid)));
  }

  async #take(frame: SyncFrame): Promise<void> {
    const { live, directory } = this.#account;
    switch (frame.type) {
      case "hello":
        if (frame.account !== this.#account.self.jid) {
          // The cookie is another account's: somebody signed in elsewhere in this browser.
          this.#events.bye("signed-out");
          return;
        }
        this.#stalled = false;
        this.#outdated = false;
        directory.beginHearing();
        live.contract = frame.contract;
        live.hellos += 1;
        live.accepted = frame.accepted;
        live.state = frame.state;
        live.browsers = frame.browsers;
        live.notifying = false;
        live.copy = frame.copy;
        await this.#noteRemoved(frame.removed);
        live.head = frame.head;
        this.#setAvailable(frame.presence);
        this.#caughtUp = false;
        await this.#enterEpoch(frame.epoch);
        this.#acknowledgement.begin(this.#cursor);
        await this.#events.roomsTold(frame.rooms, true);
        if (frame.choices) await this.#events.choicesTold(frame.choices.revision, frame.choices.all, true);
        await this.#account.store.work(async (unit) => {
          await compareSendCounter(unit, frame.accepted);
          await takeBackAccepted(unit, frame.accepted);
        });
        this.#events.stateChanged();
        this.#events.attached(frame.renew === true);
        break;
      case "entries":
        live.head = Math.max(live.head, frame.head) as Seq;
        for (let at = 0; at < frame.entries.length; at += BATCH) await this.#batch(frame.entries.slice(at, at + BATCH));
        break;
      case "state":
        live.state = frame.state;
        this.#events.stateChanged();
        break;
      case "browsers":
        live.browsers = frame.browsers;
        await this.#noteRemoved(frame.removed);
        this.#events.stateChanged();
        this.#events.devicesChanged(this.#account.self.jid);
        break;
      case "presence":
        this.#setAvailable([...live.available.values(), ...frame.presence]);
        break;
      case "devices":
        await directory.learn(frame.jid, frame.devices, directory.hearing);
        this.#events.devicesChanged(frame.jid);
        break;
      case "rooms":
        await this.#events.roomsTold(frame.rooms, false);
        break;
      case "choices":
        await this.#events.choicesTold(frame.revision, frame.changed, false);
        break;
      case "occupants":
        await this.#events.occupantsTold(frame);
        break;
      case "typing":
        this.#events.typingTold(frame);
        break;
      case "notifying":
        live.notifying = frame.here;
        this.#events.stateChanged();
        break;
      case "copy":
        live.copy = frame;
        this.#events.copyTold();
        break;
      case "unlock":
        drop(this.#account.remote.call("unlock", {}));
        break;
      case "bye":
        this.#events.bye(frame.reason);
        break;
      default:
        if (!this.#objectIsNewer) missingCase(frame);
    }
    this.#checkCaughtUp();
  }

  /** Of each the last word counts. */
  #setAvailable(told: readonly PresenceInfo[]): void {
    const { live } = this.#account;
    const before = live.available;
    const now = new Map(told.map((info) => [info.jid, info]));
    for (const [jid, { available }] of now) if (!available) now.delete(jid);
    live.available = now;
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter((jid) => {
      const [was, is] = [before.get(jid), now.get(jid)];
      return was?.available !== is?.available || was?.show !== is?.show || was?.idle !== is?.idle;
    });
    if (changed.length > 0) this.#events.presenceChanged(changed);
  }

  /** Another epoch is another log: it is read from its start. Every text stays; its rows are found again. */
  async #enterEpoch(epoch: string): Promise<void> {
    const cursor = await this.cursor();
    if (cursor?.epoch === epoch) return;
    const fresh = { epoch, seq: 0 as Seq };
    await this.#account.store.work(async (unit) => {
      unit.put("meta", { name: "cursor", ...fresh });
      if (cursor !== undefined) await forgetPlaces(unit);
    });
    this.#cursor = fresh;
  }

  async #batch(entries: readonly Entry[]): Promise<void> {
    const cursor = this.#cursor;
    if (cursor === undefined) return;
    if (this.#stalled || this.#outdated) return;
    // The same page may come twice: after a socket was cut it is sent again from what was acknowledged.
    const fresh = this.#readable(entries.filter(({ seq }) => seq > cursor.seq));
    try {
      await this.#store(fresh, cursor.epoch);
    } catch (error) {
      if (this.#account.store.closed) throw error;
      this.#stallFor(error);
      await this.#storeOneByOne(fresh, cursor.epoch);
    }
    this.#acknowledgement.committed(this.#cursor ?? cursor, this.#account.live.head);
  }

  /** What this release knows how to read. The cursor stays before the rest: the page that comes with the object reads it. */
  #readable(entries: readonly Entry[]): readonly Entry[] {
    const unknown = this.#objectIsNewer ? entries.findIndex((entry) => !isKnownKind(entry)) : -1;
    if (unknown < 0) return entries;
    this.#outdated = true;
    return entries.slice(0, unknown);
  }

  get #objectIsNewer(): boolean {
    return this.#account.live.contract > CONTRACT_VERSION;
  }

  /** Entries and cursor in one transaction. */
  async #store(entries: readonly Entry[], epoch: string, apply = applyEntry): Promise<void> {
    const last = entries.at(-1);
    if (last === undefined) return;
    const next = { epoch, seq: last.seq, id: last.id };
    // The row that stands in for an entry whose processing failed is not looked up.
    const lookups = apply === applyEntry ? await lookupsOf(entries) : [];
    await this.#account.store.work(async (unit) => {
      await unit.lookAhead(lookups);
      for (const entry of entries) await apply(unit, this.#account, entry, epoch);
      await noteTold(unit, epoch, entries);
      unit.put("meta", { name: "cursor", ...next });
    });
    this.#cursor = next;
  }

  /** An entry whose processing fails must not stop those after it, but nothing may be skipped because the disk is full. */
  async #storeOneByOne(entries: readonly Entry[], epoch: string): Promise<void> {
    for (const entry of entries) {
      try {
        await this.#store([entry], epoch);
      } catch (error) {
        if (this.#account.store.closed) throw error;
        this.#stallFor(error);
        report("an entry could not be read", error);
        try {
          await this.#store([entry], epoch, markMalformed);
        } catch (failure) {
          this.#stallFor(failure);
          throw failure;
        }
      }
    }
  }

  /** A full disk is no fault of the entries: stop here, acknowledge nothing, read them again later. */
  #stallFor(error: unknown): void {
    if (!(error instanceof CommitError)) return;
    this.#stalled = true;
    this.#events.stalled();
    throw error;
  }

  #checkCaughtUp(): void {
    const { state, head } = this.#account.live;
    const done = state?.link.state === "live" && state.link.caughtUp && (this.#cursor?.seq ?? 0) >= head;
    if (done && !this.#caughtUp) this.#events.caughtUp();
    this.#caughtUp = done;
  }
}

/**
 * The first of the waiting frames, taken off them; pages of entries that follow each other are one page of up to `limit`
 * entries. While an archive is read the object pushes each entry by itself.
 */
export function takeNext(waiting: SyncFrame[], limit: number): SyncFrame | undefined {
  const first = waiting.shift();
  if (first?.type !== "entries") return first;
  const entries = [...first.entries];
  let { head } = first;
  for (let next = waiting[0]; next?.type === "entries"; next = waiting[0]) {
    if (entries.length + next.entries.length > limit) break;
    waiting.shift();
    entries.push(...next.entries);
    head = next.head;
  }
  return { type: "entries", entries, head };
}
