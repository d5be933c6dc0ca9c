/** What each stanza that comes on a stream becomes: entries of the log, changes of what is kept, replies. */
import type { Element } from "@xmpp/xml";
import { drop } from "../../worker/shared/drop.ts";
import { report } from "../../worker/shared/report.ts";
import type { Collected } from "../archive/page.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { IngestContext } from "../ingest/envelope.ts";
import { ingest } from "../ingest/ingest.ts";
import { ingestIq } from "../ingest/requests.ts";
import type { StanzaEvent, RoomEvent } from "../ingest/stanza-event.ts";
import { unreadableOf } from "../ingest/unreadable.ts";
import type { OmemoNodes } from "../omemo/nodes.ts";
import { isRoomEvent } from "../rooms/events.ts";
import type { RoomBookmarks } from "../rooms/bookmarks.ts";
import type { RoomOccupancy } from "../rooms/occupancy.ts";
import type { Applier } from "../store/apply.ts";
import { isStorageFailure } from "../store/storage-failure.ts";
import type { Stores } from "../store/stores.ts";
import { NS_SID } from "../xep/ids.ts";
import { buildSubscribe, buildSubscribed } from "../xep/presence.ts";
import { claimedResult, NS_MAM } from "../xep/mam.ts";
import type { SessionState } from "./state.ts";

/** What the stanzas of a stream go into. */
export type StanzaParts = {
  readonly stores: Stores;
  readonly link: CurrentLink;
  readonly nodes: OmemoNodes;
  readonly applier: Applier;
  readonly occupancy: RoomOccupancy;
  readonly bookmarks: RoomBookmarks;
  readonly state: SessionState;
};

export class Stanzas {
  readonly #stores: Stores;
  readonly #link: CurrentLink;
  readonly #nodes: OmemoNodes;
  readonly #applier: Applier;
  readonly #occupancy: RoomOccupancy;
  readonly #bookmarks: RoomBookmarks;
  readonly #state: SessionState;

  constructor({ stores, link, nodes, applier, occupancy, bookmarks, state }: StanzaParts) {
    this.#stores = stores;
    this.#link = link;
    this.#nodes = nodes;
    this.#applier = applier;
    this.#occupancy = occupancy;
    this.#bookmarks = bookmarks;
    this.#state = state;
  }

  /**
   * One stanza, stored when this returns; runs inside a turn. True where `inbound` was stored with it: what makes an
   * entry must not come again. Anything else may, and its count is kept when it is told.
   */
  stanza(stanza: Element, inbound: number | undefined): boolean {
    const kept = this.#take(stanza);
    if (inbound === undefined || !kept) return false;
    this.#stores.stream.received(inbound);
    return true;
  }

  /**
   * True for a live message, but one that only says who types. A result of the archive needs no count: if it comes again, its query is not open any more.
   */
  #take(stanza: Element): boolean {
    const { meta } = this.#stores;
    // The very first stream of an account, before its sign-in has ended: nobody knows this resource yet.
    if (meta.owner === undefined) return stanza.name === "message";
    if (stanza.name === "iq") {
      this.#answer(stanza);
      return false;
    }
    const events = this.#welcome(this.#read(stanza));
    const result = claimedResult(stanza);
    if (result) this.#result(result.queryId, { id: result.id, events: events.filter(isForTheLog) });
    else this.#live(this.#occupancy.take(events));
    return stanza.name === "message" && !result && !isTyping(events);
  }

  /**
   * A stanza over a limit, or (`broken`) one that no parser takes and that ended the stream; known is its outline. Where
   * a message is missing it leaves a marker, once: what comes again is recognised by its ids. Runs inside a turn.
   */
  unreadable(outline: Element, broken: boolean): void {
    if (this.#stores.meta.owner === undefined) return;
    const events = this.#marker(outline);
    const result = claimedResult(outline);
    if (result) this.#result(result.queryId, { id: result.id, events, broken });
    else if (!this.#occupancy.live(events)) this.#state.archive.live(events);
  }

  /** The server has these (XEP-0198 §4); `store` keeps the count. Runs inside a turn. */
  acknowledged(ids: readonly string[], store: () => void): void {
    for (const id of ids) if (!this.#occupancy.awaitsCopy(id)) this.#applier.settle(id);
    store();
  }

  /**
   * Who was asked by us and asks back is let in without a question, on a server that kept no word of it (RFC 6121 §3.4). So is
   * whoever asks after we have turned to them by a first message: they are asked back.
   */
  #welcome(events: readonly (StanzaEvent | RoomEvent)[]): readonly (StanzaEvent | RoomEvent)[] {
    const { contacts } = this.#stores;
    return events.filter((event) => {
      if (event.kind !== "request" || !event.pending || !contacts.welcomes(event.jid)) return true;
      const { subscription, asked } = contacts.get(event.jid);
      const hasAsked = asked || subscription === "to" || subscription === "both";
      const answer = [buildSubscribed(event.jid), ...(hasAsked ? [] : [buildSubscribe(event.jid)])];
      return !answer.every((stanza) => this.#link.send(stanza));
    });
  }

  /** To whichever archive was asked so. */
  #result(queryId: string, collected: Collected): void {
    if (!this.#state.archive.result(queryId, collected)) this.#occupancy.archives.result(queryId, collected);
  }

  #live(events: readonly StanzaEvent[]): void {
    const { meta, outbox } = this.#stores;
    for (const event of events) if (event.kind === "bounce") this.#link.returned.take(event.of, event.condition);
    if (this.#occupancy.live(events)) return;
    this.#bookmarks.told(events);
    this.#state.archive.live(events);
    // A live message may not overtake one of ours that the server has not acknowledged: the archive has to show that
    // one on the next stream.
    const archived = events.flatMap((event) =>
      event.kind === "message" && event.archive?.by === meta.account ? { id: event.archive.id, at: event.at } : [],
    );
    if (archived.length > 0 && this.#state.archive.end === "done" && this.#state.copied && outbox.empty) {
      for (const { id, at } of archived) this.#state.archive.passed(id, at);
    }
    if (events.some((event) => event.kind === "devices" && event.jid === meta.account)) drop(this.#nodes.repairList());
  }

  /** What a stanza means. A poison stanza, on which this program throws, counts as a message that cannot be read (T61). */
  #read(stanza: Element): readonly (StanzaEvent | RoomEvent)[] {
    try {
      return ingest(stanza, this.#context());
    } catch (error) {
      report("a stanza was stepped over", error);
      return this.#marker(stanza);
    }
  }

  #marker(outline: Element): readonly StanzaEvent[] {
    try {
      return [unreadableOf(outline, this.#context()) ?? []].flat();
    } catch (error) {
      report("a stanza was stepped over", error);
      // Without a sender; that a message is missing is still shown.
      return [{ kind: "unreadable", outgoing: false, at: Date.now() }];
    }
  }

  #context(): IngestContext {
    const { account } = this.#stores.meta;
    return {
      account,
      now: Date.now(),
      trustedArchiveIds: this.#state.features.has(NS_MAM) || this.#state.features.has(NS_SID),
      openQueries: new Map([...this.#state.archive.openQueries, ...this.#occupancy.archives.openQueries]),
      room: (jid) => this.#stores.rooms.view(jid, account),
    };
  }

  #answer(iq: Element): void {
    try {
      const { events, reply } = ingestIq(iq, this.#stores.meta.account);
      this.#applier.apply(events);
      if (reply) this.#link.send(reply);
    } catch (error) {
      if (isStorageFailure(error)) throw error;
      report("a stanza was stepped over", error);
    }
  }
}

/** Nothing of it is kept: should it come again, it is shown again, and no row is written for its count alone. */
function isTyping(events: readonly (StanzaEvent | RoomEvent)[]): boolean {
  return events.length > 0 && events.every(({ kind }) => kind === "typing");
}

function isForTheLog(event: StanzaEvent | RoomEvent): event is StanzaEvent {
  return !isRoomEvent(event);
}
