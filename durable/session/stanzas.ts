/** What each stanza that comes on a stream becomes: entries of the log, changes of what is kept, replies. */
import type { Element } from "@xmpp/xml";
import { drop } from "../../worker/shared/drop.ts";
import type { Collected } from "../archive/page.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { IngestContext } from "../ingest/envelope.ts";
import { ingest } from "../ingest/ingest.ts";
import { ingestIq } from "../ingest/requests.ts";
import type { Draft, RoomDraft } from "../ingest/stanza-event.ts";
import { unreadableOf } from "../ingest/unreadable.ts";
import type { OmemoNodes } from "../omemo/nodes.ts";
import { isRoomDraft } from "../rooms/events.ts";
import type { Attendance } from "../rooms/occupancy.ts";
import type { Intake } from "../store/apply.ts";
import { isStorageFailure, report } from "../store/storage-failure.ts";
import type { Stores } from "../store/stores.ts";
import { NS_SID } from "../xep/ids.ts";
import { claimedResult, NS_MAM } from "../xep/mam.ts";
import type { SessionState } from "./state.ts";

/** What the stanzas of a stream go into. */
export type StanzaParts = {
  readonly stores: Stores;
  readonly link: CurrentLink;
  readonly nodes: OmemoNodes;
  readonly intake: Intake;
  readonly attendance: Attendance;
  readonly state: SessionState;
};

export class Stanzas {
  readonly #stores: Stores;
  readonly #link: CurrentLink;
  readonly #nodes: OmemoNodes;
  readonly #intake: Intake;
  readonly #attendance: Attendance;
  readonly #state: SessionState;

  constructor({ stores, link, nodes, intake, attendance, state }: StanzaParts) {
    this.#stores = stores;
    this.#link = link;
    this.#nodes = nodes;
    this.#intake = intake;
    this.#attendance = attendance;
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

  /** True for a live message. An answer of the archive that comes again answers nobody. */
  #take(stanza: Element): boolean {
    const { meta } = this.#stores;
    // The very first stream of an account, before its password counts as proved: nobody knows this resource yet.
    if (meta.get("account") === undefined) return stanza.name === "message";
    if (stanza.name === "iq") {
      this.#answer(stanza);
      return false;
    }
    const drafts = this.#read(stanza);
    const result = claimedResult(stanza);
    if (result) this.#result(result.queryId, { id: result.id, drafts: drafts.filter(isForTheLog) });
    else this.#live(this.#attendance.take(drafts));
    return stanza.name === "message" && !result;
  }

  /**
   * A stanza over a limit, or (`broken`) one that no parser takes and that ended the stream; known is its outline. Where
   * a message is missing it leaves a marker, once: what comes again is recognised by its ids. Runs inside a turn.
   */
  unreadable(outline: Element, broken: boolean): void {
    if (this.#stores.meta.get("account") === undefined) return;
    const drafts = this.#marker(outline);
    const result = claimedResult(outline);
    if (result) this.#result(result.queryId, { id: result.id, drafts, broken });
    else if (!this.#attendance.live(drafts)) this.#state.archive.live(drafts);
  }

  /** The server has these (XEP-0198 §4); `store` keeps the count. Runs inside a turn. */
  acknowledged(ids: readonly string[], store: () => void): void {
    for (const id of ids) if (!this.#attendance.awaitsCopy(id)) this.#intake.settle(id);
    store();
  }

  /** To whichever archive was asked so. */
  #result(queryId: string, collected: Collected): void {
    if (!this.#state.archive.result(queryId, collected)) this.#attendance.history.result(queryId, collected);
  }

  #live(drafts: readonly Draft[]): void {
    const { meta, outbox } = this.#stores;
    if (this.#attendance.live(drafts)) return;
    this.#state.archive.live(drafts);
    // A live message may not overtake one of ours that the server has not acknowledged: the archive has to show that
    // one on the next stream.
    if (this.#state.archive.end === "done" && this.#state.copied && outbox.empty) {
      for (const draft of drafts) {
        if (draft.kind === "message" && draft.archive?.by === meta.account)
          this.#state.archive.passed(draft.archive.id, draft.at);
      }
    }
    if (drafts.some((draft) => draft.kind === "devices" && draft.jid === meta.account)) drop(this.#nodes.repairList());
  }

  /** What a stanza means; one that makes this program stumble is a message that cannot be read (T61). */
  #read(stanza: Element): readonly (Draft | RoomDraft)[] {
    try {
      return ingest(stanza, this.#context());
    } catch (error) {
      report(error);
      return this.#marker(stanza);
    }
  }

  #marker(outline: Element): readonly Draft[] {
    try {
      return [unreadableOf(outline, this.#context()) ?? []].flat();
    } catch (error) {
      report(error);
      // Nobody can be named; that something is missing can be said all the same.
      return [{ kind: "unreadable", outgoing: false, at: Date.now() }];
    }
  }

  #context(): IngestContext {
    const { account } = this.#stores.meta;
    return {
      account,
      now: Date.now(),
      trustedArchiveIds: this.#state.features.has(NS_MAM) || this.#state.features.has(NS_SID),
      openQueries: new Map([...this.#state.archive.openQueries, ...this.#attendance.history.openQueries]),
      room: (jid) => this.#stores.rooms.view(jid, account),
    };
  }

  #answer(iq: Element): void {
    try {
      const { drafts, reply } = ingestIq(iq, this.#stores.meta.account);
      this.#intake.take(drafts);
      if (reply) this.#link.send(reply);
    } catch (error) {
      if (isStorageFailure(error)) throw error;
      report(error);
    }
  }
}

function isForTheLog(draft: Draft | RoomDraft): draft is Draft {
  return !isRoomDraft(draft);
}
