/**
 * What happens on one bound stream: the steps at its beginning, and each stanza that comes afterwards (RFC 6121 §2.2,
 * §4.2). The archive is read before we send presence, so that the server need not send twice what it kept for us.
 */
import type { Element } from "@xmpp/xml";
import type { BareJid, Result } from "../../worker/contract.ts";
import { Archive } from "../archive/archive.ts";
import type { Collected } from "../archive/page.ts";
import type { Attendance } from "../rooms/occupancy.ts";
import type { Connection } from "../connection/connection.ts";
import type { Begun } from "../connection/connection-host.ts";
import type { Draft, RoomDraft } from "../ingest/stanza-event.ts";
import { drop } from "../../worker/shared/drop.ts";
import { History } from "../archive/backfill.ts";
import type { Intake } from "../store/apply.ts";
import type { OmemoNodes } from "../omemo/nodes.ts";
import { isRoomDraft } from "../rooms/events.ts";
import type { Stores } from "../store/stores.ts";
import { isStorageFailure, report } from "../store/storage-failure.ts";
import { buildCaps } from "../xep/caps.ts";
import { enableCarbons } from "../xep/carbons.ts";
import { OUR_INFO, parseInfo, requestInfo } from "../xep/disco.ts";
import type { IngestContext } from "../ingest/envelope.ts";
import { NS_SID } from "../xep/ids.ts";
import { ingest } from "../ingest/ingest.ts";
import { claimedResult, NS_MAM } from "../xep/mam.ts";
import { buildAvailable } from "../xep/presence.ts";
import { contactDraft, ingestIq } from "../ingest/requests.ts";
import { parseRoster, requestRoster } from "../xep/roster.ts";
import { unreadableOf } from "../ingest/unreadable.ts";

export class StreamSession {
  readonly #stores: Stores;
  readonly #connection: Connection;
  readonly #nodes: OmemoNodes;
  readonly #intake: Intake;
  readonly #attendance: Attendance;
  #archives: { readonly archive: Archive; readonly history: History } | undefined;
  #features: ReadonlySet<string> = new Set();
  /** Live messages are all there are, whoever they were sent to: what comes live may move the archive's cursor. */
  #copied = false;
  /** The archive was asked since this object was made. */
  #verified = false;

  constructor(stores: Stores, connection: Connection, nodes: OmemoNodes, intake: Intake, attendance: Attendance) {
    this.#stores = stores;
    this.#connection = connection;
    this.#nodes = nodes;
    this.#intake = intake;
    this.#attendance = attendance;
  }

  /** A stream stands, before its first stanza. True where it is the one that was, with everything read. */
  stands(resumed: boolean): boolean {
    const { meta, stream, presence } = this.#stores;
    const session = resumed ? stream.session : undefined;
    // What comes before the answer to this stream's own question: servers change seldom.
    this.#features = new Set(meta.get("server-features"));
    this.#copied = session?.copied ?? false;
    if (!resumed) presence.clear();
    if (session?.ready) this.#archive.goOn(session.archive);
    // The very first stream stands before it is known whose archive that is.
    else this.#archives?.archive.hold();
    return session?.ready ?? false;
  }

  /** From bound to live: roster, archive, presence, what was missed in between, the outbox. */
  async begin({ ready }: Begun): Promise<void> {
    const { meta, stream } = this.#stores;
    if (ready) {
      this.#attendance.resumed();
      drop(this.#nodes.removeErased());
      await this.#verify();
      drop(this.#history.load());
      return;
    }
    const [info, roster] = await Promise.all([
      this.#connection.request(requestInfo(meta.account)),
      this.#connection.request(requestRoster()),
    ]);
    // A refusal is an answer; silence says nothing about what the server can do.
    for (const answer of [info, roster]) {
      if (!answer.ok && answer.error.kind !== "stanza-error")
        throw new Error(`the server did not answer: ${answer.error.kind}`);
    }
    const known = info.ok ? parseInfo(info.value) : undefined;
    this.#features = new Set(known?.features);
    meta.set("server-features", [...this.#features]);
    const pep = known?.identities.some(({ category, type }) => category === "pubsub" && type === "pep");
    this.#connection.setPep(pep ? "ok" : "missing");
    const items = roster.ok ? parseRoster(roster.value) : undefined;
    if (items) this.#stores.turn(() => this.#stores.contacts.replaceAll(items.map(contactDraft)));
    await this.#catchUp();
    stream.session = { copied: this.#copied, archive: this.#archive.end, ready: true };
    this.#connection.setCaughtUp();
    this.writeOutbox();
    this.#attendance.begin();
    drop(this.#history.load());
    if (pep) {
      drop(this.#nodes.removeErased());
      drop(this.#nodes.repairList());
    }
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
    else if (!this.#attendance.live(drafts)) this.#archive.live(drafts);
  }

  /** Older messages of a conversation, on demand; they come as entries. Fails with `offline`, `peer-refused`. */
  older(chat: BareJid): Promise<Result<{ readonly complete: boolean }>> {
    return this.#history.older(chat);
  }

  /** The server has these (XEP-0198 §4); `store` keeps the count. Runs inside a turn. */
  acknowledged(ids: readonly string[], store: () => void): void {
    for (const id of ids) if (!this.#attendance.awaitsCopy(id)) this.#intake.settle(id);
    store();
  }

  /** What was accepted and is not on this stream yet, in its order: before anything newer can be written. */
  writeOutbox(): void {
    for (const row of this.#stores.outbox.waiting()) this.#connection.sendText(row.stanza);
  }

  /**
   * The archive, then presence, then the archive again for what arrived in between. An archive that is slow holds up
   * neither: after a while presence is sent and live messages are shown behind a gap.
   */
  async #catchUp(): Promise<void> {
    const archive = this.#archive;
    this.#verified = true;
    const shown = archive.begin();
    const archived = this.#features.has(NS_MAM);
    const reading = archived ? archive.read() : Promise.resolve("none" as const);
    await Promise.race([reading, shown]);
    const carbons = this.#connection.request(enableCarbons());
    this.#connection.send(buildAvailable(await buildCaps(OUR_INFO)));
    this.#copied = (await carbons).ok;
    const first = await reading;
    // Between the last page and our presence a message may have gone to the archive alone.
    archive.settle(first === "done" ? await archive.read() : first);
  }

  /** Once in the life of this object; `catchUp` does as much on a new stream. */
  async #verify(): Promise<void> {
    if (this.#verified || this.#archive.end !== "done") return;
    await this.#archive.verify();
    this.#verified = true;
  }

  get #archive(): Archive {
    return this.#own.archive;
  }

  get #history(): History {
    return this.#own.history;
  }

  /** The account's own archive; made when it is known whose this object is. */
  get #own(): { readonly archive: Archive; readonly history: History } {
    if (!this.#archives) {
      const archive = new Archive(this.#stores.meta.account, this.#stores, this.#connection, this.#intake);
      this.#archives = { archive, history: new History(archive, this.#stores) };
    }
    return this.#archives;
  }

  /** To whichever archive was asked so. */
  #result(queryId: string, collected: Collected): void {
    if (!this.#archive.result(queryId, collected)) this.#attendance.history.result(queryId, collected);
  }

  #live(drafts: readonly Draft[]): void {
    const { meta, outbox } = this.#stores;
    if (this.#attendance.live(drafts)) return;
    this.#archive.live(drafts);
    // A live message may not overtake one of ours that the server has not acknowledged: the archive has to show that
    // one on the next stream.
    if (this.#archive.end === "done" && this.#copied && outbox.empty) {
      for (const draft of drafts) {
        if (draft.kind === "message" && draft.archive?.by === meta.account)
          this.#archive.passed(draft.archive.id, draft.at);
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
      trustedArchiveIds: this.#features.has(NS_MAM) || this.#features.has(NS_SID),
      openQueries: new Map([...this.#archive.openQueries, ...this.#attendance.history.openQueries]),
      room: (jid) => this.#stores.rooms.view(jid, account),
    };
  }

  #answer(iq: Element): void {
    try {
      const { drafts, reply } = ingestIq(iq, this.#stores.meta.account);
      this.#intake.take(drafts);
      if (reply) this.#connection.send(reply);
    } catch (error) {
      if (isStorageFailure(error)) throw error;
      report(error);
    }
  }
}

function isForTheLog(draft: Draft | RoomDraft): draft is Draft {
  return !isRoomDraft(draft);
}
