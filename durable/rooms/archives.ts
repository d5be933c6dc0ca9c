/**
 * What was said in a room while we were away, from its archive (XEP-0313), before what is said now; rooms without one
 * have only what they say now, and what they repeat by themselves.
 */
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { report } from "../../worker/shared/report.ts";
import { Archive, type ArchiveLink, StreamEnded } from "../archive/archive.ts";
import { Backfill } from "../archive/backfill.ts";
import type { Collected } from "../archive/page.ts";
import type { StanzaEvent } from "../ingest/stanza-event.ts";
import type { Applier } from "../store/apply.ts";
import { Repeats } from "./repeats.ts";
import { keepsArchive } from "../store/room.ts";
import type { Stores } from "../store/stores.ts";
import type { OpenQueries } from "../xep/mam.ts";

/** After so many failures an archive counts as one that refuses: deferred messages are shown and waiting ones sent. */
const TRIES_MAX = 3;
/** Its clock and ours differ: a room without an archive is asked for what it said from so much before we last heard of it. */
const CLOCK_SLACK_MS = 60_000;

export class RoomArchives {
  readonly #stores: Stores;
  readonly #link: ArchiveLink;
  readonly #applier: Applier;
  readonly #archives = new Map<BareJid, Archive>();
  readonly #failures = new Map<BareJid, number>();
  readonly #backfills = new Map<BareJid, Backfill>();
  readonly #repeats = new Map<BareJid, Repeats>();
  /** Rooms whose archive was read on this stream. */
  readonly #caughtUp = new Set<BareJid>();

  constructor(stores: Stores, link: ArchiveLink, applier: Applier) {
    this.#stores = stores;
    this.#link = link;
    this.#applier = applier;
  }

  /** Queries at rooms' archives whose results may come now. */
  get openQueries(): OpenQueries {
    return new Map([...this.#archives.values()].flatMap(({ openQueries }) => [...openQueries]));
  }

  /** From now on live messages of the room are deferred until its archive is read. */
  begin(room: BareJid): void {
    this.#failures.delete(room);
    this.#caughtUp.delete(room);
    this.#repeats.delete(room);
    void this.#archive(room).begin();
  }

  /** The stream has ended: on the next one all rooms have to be asked again. */
  lost(): void {
    this.#caughtUp.clear();
  }

  /** Whether the archive is neither read to its end on this stream nor being read. */
  unread(room: BareJid): boolean {
    return !this.caughtUp(room) && (this.#archives.get(room)?.openQueries.size ?? 0) === 0;
  }

  /** Everything that was missed is in the log: own messages may be sent. */
  caughtUp(room: BareJid): boolean {
    return this.#caughtUp.has(room);
  }

  /** True once everything that was missed is in the log; false where that has to be tried again. */
  async catchUp(room: BareJid): Promise<boolean> {
    const archive = this.#archive(room);
    const known = this.#stores.rooms.get(room);
    if (!known) return false;
    try {
      archive.settle(keepsArchive(known) ? await archive.read() : "none");
      this.#caughtUp.add(room);
      return true;
    } catch (error) {
      // Tried again on the next stream, or with the next heartbeat.
      if (!(error instanceof StreamEnded)) report("a room's archive could not be read", error);
      const failures = (this.#failures.get(room) ?? 0) + 1;
      this.#failures.set(room, failures);
      if (!this.#link.live || failures < TRIES_MAX) return false;
      archive.settle("refused");
      this.#caughtUp.add(room);
      return true;
    }
  }

  /**
   * Messages of a conversation in a room before the oldest that is here; they come as entries. Fails with `offline` while
   * its archive is not read to its end, `peer-refused`.
   */
  older(room: BareJid): Promise<Result<{ readonly complete: boolean }>> {
    const backfill = this.#backfills.get(room) ?? new Backfill(this.#archive(room), this.#stores);
    this.#backfills.set(room, backfill);
    return backfill.older(room);
  }

  /** From when on a room without an archive should repeat what was said there; undefined where we were never in it. */
  repeatedSince(room: BareJid): Time | undefined {
    const { at } = this.#stores.archiveCursors.get(room);
    return at === undefined ? undefined : at - CLOCK_SLACK_MS;
  }

  /** The events of a live stanza of that room; runs inside a turn. */
  live(room: BareJid, told: readonly StanzaEvent[]): void {
    const archive = this.#archive(room);
    const known = this.#stores.rooms.get(room);
    const bare = known?.features !== undefined && !keepsArchive(known);
    const events = bare ? told.filter((event) => !this.#isRepeat(room, event)) : told;
    archive.live(events);
    if (bare) this.#noteHeard(room, events);
    // Behind an archive that was not read to its end the cursor stays where it is.
    if (archive.end !== "done") return;
    for (const event of events) {
      if (event.kind === "message" && event.archive?.by === room) archive.passed(event.archive.id, event.at);
    }
  }

  /** The events of one result. False where no room was asked so. */
  result(queryId: string, collected: Collected): boolean {
    return [...this.#archives.values()].some((archive) => archive.result(queryId, collected));
  }

  /** We are out of the room for good: what waited for its archive is dropped. */
  forget(room: BareJid): void {
    this.#archives.get(room)?.stop();
    this.#archives.delete(room);
    this.#backfills.delete(room);
    this.#caughtUp.delete(room);
    this.#failures.delete(room);
    this.#stores.deferred.take(room);
  }

  /** What it repeats may have no id by which it would be known: it is told apart by who said what and when. */
  #isRepeat(room: BareJid, event: StanzaEvent): boolean {
    if (event.kind !== "message" || event.repeated !== true) return false;
    const repeats = this.#repeats.get(room) ?? new Repeats(this.#stores.log.recentIn(room), CLOCK_SLACK_MS);
    this.#repeats.set(room, repeats);
    return repeats.has(event);
  }

  #noteHeard(room: BareJid, events: readonly StanzaEvent[]): void {
    const times = events.flatMap((event) => (event.kind === "message" ? [event.at] : []));
    const before = this.#stores.archiveCursors.get(room).at ?? 0;
    const at = Math.max(before, ...times);
    if (at > before) this.#stores.archiveCursors.advance(room, { at });
  }

  #archive(room: BareJid): Archive {
    const known = this.#archives.get(room);
    if (known) return known;
    const archive = new Archive(room, this.#stores, this.#link, this.#applier);
    this.#archives.set(room, archive);
    return archive;
  }
}
