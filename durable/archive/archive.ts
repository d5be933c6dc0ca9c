/**
 * One archive (XEP-0313), the account's own or a room's, and what comes live beside it. It is read forward from where
 * it was left. Until it is read, live messages wait; if that takes too long, they are shown behind a visible gap, which
 * is filled later. Results are collected and taken in one page at a time, together with the cursor.
 */
import type { Element } from "@xmpp/xml";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { LiveCursor } from "./live-cursor.ts";
import { type Bounds, type Collected, type Taken, takeBefore, takeForward, takeNewest, type Way } from "./page.ts";
import { isOrdered, type StanzaEvent } from "../ingest/stanza-event.ts";
import type { Applier } from "../store/apply.ts";
import type { RequestError, RequestResult } from "../link/iq.ts";
import { drop } from "../../worker/shared/drop.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import type { ArchiveEnd } from "../store/resumable-stream.ts";
import type { Stores } from "../store/stores.ts";
import { type ArchiveQuery, buildArchiveQuery, type OpenQueries, parseArchivePage } from "../xep/mam.ts";

/** How long people wait for what is older before they see what is new. */
export const GAP_AFTER_MS = 10_000;
const PAGE_MESSAGES = 100;
/** Where more was missed than this, the newest page is shown first: that is what people look for. */
const PAGES_IN_ORDER = 2;
/** For the answer to one query. A dead stream is noticed by the heartbeat long before. */
const PAGE_TIMEOUT_MS = 5 * 60_000;
/**
 * Clocks of two servers differ, so reading by time begins this much earlier; what is read twice is recognised by its
 * ids.
 */
const CLOCK_SLACK_MS = 60 * 60_000;

export interface ArchiveLink {
  readonly live: boolean;
  request(iq: Element, options: { readonly timeoutMs: number }): Promise<RequestResult>;
}

/** `done`: read to its end. `refused`: this archive does not answer such questions. `expired`: it does not know that id. */
export type ReadEnd = "done" | "refused" | "expired";

/** What reading throws where the stream ends in the middle; the next stream goes on from the cursor. */
export class StreamEnded extends Error {
  override readonly name = "StreamEnded";
}

/** How a page ended, and where; `complete`: nothing lies behind it. */
export type PageEnd = Bounds & Taken & { readonly complete: boolean };

export class Archive {
  readonly jid: BareJid;
  readonly #stores: Stores;
  readonly #link: ArchiveLink;
  readonly #applier: Applier;
  readonly #cursor: LiveCursor;
  readonly #open = new Map<string, Collected[]>();
  #holding = true;
  #end: ArchiveEnd | undefined;
  /**
   * Reading backwards, a result that ends the stream hides the rest of its page: pages of one message until it is
   * passed.
   */
  #careful = false;
  /** The newest page holds a result that ends the stream, so it is not shown ahead of the rest any more. */
  #inOrder = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown: Promise<void> = Promise.resolve();
  #show: () => void = () => undefined;

  constructor(jid: BareJid, stores: Stores, link: ArchiveLink, applier: Applier) {
    this.jid = jid;
    this.#stores = stores;
    this.#link = link;
    this.#applier = applier;
    this.#cursor = new LiveCursor(jid, stores.archiveCursors);
  }

  /** Queries whose results may come now; any other result is forged (XEP-0313 §9). */
  get openQueries(): OpenQueries {
    return new Map([...this.#open.keys()].map((queryId) => [queryId, this.jid]));
  }

  /**
   * How reading it forward ended on this stream; undefined while it goes on. After `done`, every new message comes
   * live.
   */
  get end(): ArchiveEnd | undefined {
    return this.#end;
  }

  /** A new stream: what comes live has to wait for what came before, and may not move the cursor past it. */
  hold(): void {
    this.stop();
    this.#holding = true;
    this.#end = undefined;
  }

  /**
   * It is about to be read. Resolves when what comes live need not wait any longer. `before`: what has to have been done
   * before people are shown that something is missing; it may not fail.
   */
  begin(patienceMs: number = GAP_AFTER_MS, before: () => Promise<void> = async () => undefined): Promise<void> {
    this.hold();
    this.#timer = setTimeout(() => drop(this.#losePatience(before)), patienceMs);
    this.#shown = new Promise((resolve) => {
      this.#show = resolve;
    });
    return this.#shown;
  }

  /**
   * The stream was resumed (XEP-0198 §5): what it brings follows what is in the log. `end` is what was stored of it.
   */
  goOn(end: ArchiveEnd | undefined): void {
    this.stop();
    this.#holding = false;
    this.#end = end;
  }

  /**
   * After a reset of the object: its storage may have been restored to an earlier state, without messages that were
   * acknowledged since. So the archive is read once, while everything else goes on. Throws as `read`.
   */
  async verify(): Promise<void> {
    this.#end = undefined;
    this.#end = await this.read();
  }

  /** The events of a live stanza; runs inside a turn. */
  live(events: readonly StanzaEvent[]): void {
    if (this.#holding && events.some(isOrdered)) this.#applier.defer(this.jid, events);
    else this.#applier.apply(events);
  }

  /** The events of one result. False where no query is open that it could belong to. */
  result(queryId: string, collected: Collected): boolean {
    const results = this.#open.get(queryId);
    results?.push(collected);
    return results !== undefined;
  }

  /**
   * Reads everything since the cursor; of an archive that was never read, the newest page. Throws when the stream ends
   * meanwhile; pages that were complete are kept.
   */
  async read(): Promise<"done" | "refused"> {
    const { cursor, at } = this.#stores.archiveCursors.get(this.jid);
    if (cursor === undefined && at === undefined) return this.#firstSight();
    if (cursor !== undefined) {
      const end = await this.#forward({ kind: "forward" }, {}, cursor);
      if (end !== "expired") return end;
    }
    // The id has left the archive: by time, then.
    const lost = cursor !== undefined;
    const end = await this.#forward({ kind: "by-time", lost }, { start: (at ?? 0) - CLOCK_SLACK_MS }, undefined);
    return end === "expired" ? "refused" : end;
  }

  /**
   * Nothing older will come: the gaps are closed, deferred messages go into the log. After a refusal older messages may
   * be missing, so the deferred ones stand behind a gap.
   */
  settle(end: ArchiveEnd): void {
    this.stop();
    this.#stores.turn(() => {
      // Where there is no archive nothing older comes either.
      if (end !== "refused") for (const gap of this.#stores.gaps.of(this.jid)) this.#stores.gaps.close(gap, Date.now());
      else if (this.#begun) this.#stores.gaps.open(this.jid, Date.now());
      this.#release();
    });
    this.#end = end;
  }

  /** A live message of this archive moves the cursor, where nothing can have been missed before it. */
  passed(archiveId: string, at: Time): void {
    this.#cursor.passed(archiveId, at);
  }

  /** One page before `before` (`""`: the newest), of the whole archive or of one conversation. Throws as `read`. */
  before(before: string, max: number, chat?: BareJid): Promise<PageEnd | "refused" | "expired"> {
    const query = { max: this.#careful ? 1 : max, before, ...(chat !== undefined && { with: chat }) };
    return this.#page({ kind: "before", whole: chat === undefined }, query);
  }

  get #begun(): boolean {
    const { cursor, at } = this.#stores.archiveCursors.get(this.jid);
    return cursor !== undefined || at !== undefined;
  }

  async #firstSight(): Promise<"done" | "refused"> {
    const query = { max: this.#careful ? 1 : PAGE_MESSAGES, before: "" };
    const page = await this.#page({ kind: "first-sight" }, query);
    return typeof page === "string" ? "refused" : "done";
  }

  async #forward(way: Way, filter: { readonly start?: Time }, from: string | undefined): Promise<ReadEnd> {
    for (let after = from, current = way, pages = 1; ; pages += 1) {
      const page = await this.#page(current, { max: PAGE_MESSAGES, ...filter, ...(after !== undefined && { after }) });
      if (typeof page === "string") return page;
      // A server that gives the same page again would give it for ever.
      if (page.complete || page.last === undefined || page.last === after) return "done";
      after = page.last;
      if (pages === PAGES_IN_ORDER && this.#holding && !this.#inOrder)
        await this.#page({ kind: "newest" }, { max: PAGE_MESSAGES, before: "" });
      // Whether anything is missing shows in the first page that holds a message.
      if (current.kind === "by-time" && page.messages > 0) current = { kind: "forward" };
    }
  }

  async #page(way: Way, query: Omit<ArchiveQuery, "queryId">): Promise<PageEnd | "refused" | "expired"> {
    const queryId = crypto.randomUUID();
    const results: Collected[] = [];
    this.#open.set(queryId, results);
    try {
      const to = this.jid === this.#stores.meta.account ? undefined : this.jid;
      const answer = await this.#link.request(buildArchiveQuery({ ...query, queryId }, to), {
        timeoutMs: PAGE_TIMEOUT_MS,
      });
      if (!answer.ok) {
        // A timeout counts as a refusal: on another stream it would take as long.
        if (answer.error.kind !== "lost") return isExpired(answer.error) ? "expired" : "refused";
        this.stop();
        this.#takeBroken(way, results);
        throw new StreamEnded("the stream ended while the archive was read");
      }
      const page = parseArchivePage(answer.value);
      if (!page) return "refused";
      const { complete, stable, first, last } = page;
      const bounds = { ...(first !== undefined && { first }), ...(last !== undefined && { last }) };
      return { ...bounds, complete, ...this.#take(way, results, { ...bounds, complete, stable }) };
    } finally {
      this.#open.delete(queryId);
    }
  }

  #take(
    way: Way,
    results: readonly Collected[],
    end: Bounds & { readonly complete: boolean; readonly stable: boolean },
  ): Taken {
    const page = { archive: this.jid, results, end };
    return this.#stores.turn(() => {
      switch (way.kind) {
        case "forward":
        case "by-time":
          return takeForward(this.#stores, this.#applier, page, way);
        case "newest":
          // Live messages that were shown meanwhile must not get older ones behind them.
          return this.#holding ? takeNewest(this.#stores, this.#applier, page) : { messages: 0, fresh: 0 };
        case "first-sight":
        case "before":
          return takeBefore(this.#stores, this.#applier, page, way);
        default:
          return missingCase(way);
      }
    });
  }

  /**
   * The stream ended in the middle. If it was a result that no parser takes which ended it, what came before that and
   * its marker are kept and the cursor stands behind it: asked again, it would end the next stream, too.
   */
  #takeBroken(way: Way, results: readonly Collected[]): void {
    const last = results.at(-1);
    if (!last?.broken) return;
    if (way.kind === "newest") {
      this.#inOrder = true;
      return;
    }
    this.#careful = way.kind !== "forward" && way.kind !== "by-time" && results.length > 1;
    if (this.#careful) return;
    this.#take(way, results, { first: last.id, last: last.id, complete: false, stable: true });
  }

  async #losePatience(before: () => Promise<void>): Promise<void> {
    const waited = this.#timer;
    const isWanted = () => this.#timer === waited && this.#holding && this.#link.live;
    if (!isWanted()) return;
    await before();
    // Meanwhile it may have been read, or another stream may have begun.
    if (!isWanted()) return;
    this.#timer = undefined;
    this.#stores.turn(() => {
      this.#stores.gaps.open(this.jid, Date.now());
      this.#release();
    });
  }

  #release(): void {
    for (const events of this.#stores.deferred.take(this.jid)) this.#applier.apply(events);
    this.#holding = false;
    this.#show();
  }

  /** Nobody waits for it any longer. */
  stop(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** XEP-0059 §2: the id that a page should begin at is not there. */
function isExpired(error: RequestError): boolean {
  return error.kind === "stanza-error" && error.condition === "item-not-found";
}
