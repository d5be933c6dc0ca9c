/**
 * What happens on one bound stream: the steps at its beginning, and each stanza that comes afterwards (RFC 6121 §2.2,
 * §4.2). Until the archive is read we send no presence, so nothing new can overtake what is older.
 */
import type { Element } from "@xmpp/xml";
import { Archive } from "./archive.ts";
import type { Begun, Connection } from "./connection.ts";
import { drop } from "./drop.ts";
import { Intake } from "./intake.ts";
import type { OmemoNodes } from "./omemo-nodes.ts";
import type { Stores } from "./stores.ts";
import { buildCaps } from "./xep/caps.ts";
import { enableCarbons } from "./xep/carbons.ts";
import { OUR_INFO, parseInfo, requestInfo } from "./xep/disco.ts";
import { NS_SID } from "./xep/ids.ts";
import { ingest } from "./xep/ingest.ts";
import { NS_MAM } from "./xep/mam.ts";
import { buildAvailable } from "./xep/presence.ts";
import { contactDraft, ingestIq } from "./xep/requests.ts";
import { parseRoster, requestRoster } from "./xep/roster.ts";

export class StreamSession {
  readonly #stores: Stores;
  readonly #connection: Connection;
  readonly #nodes: OmemoNodes;
  readonly #intake: Intake;
  readonly #archive: Archive;
  #features: ReadonlySet<string> = new Set();
  /** Live messages are all there are, whoever they were sent to: what comes live may move the archive's cursor. */
  #copied = false;

  constructor(stores: Stores, connection: Connection, nodes: OmemoNodes) {
    this.#stores = stores;
    this.#connection = connection;
    this.#nodes = nodes;
    this.#intake = new Intake(stores);
    this.#archive = new Archive(stores, connection);
  }

  /** A stream stands, before its first stanza. True where it is the one that was, with everything read. */
  stands(resumed: boolean): boolean {
    const { stream, presence } = this.#stores;
    const session = resumed ? stream.session : undefined;
    this.#features = new Set(session?.features);
    this.#copied = session?.copied ?? false;
    if (!resumed) presence.clear();
    return session?.ready ?? false;
  }

  /** From bound to live: roster, archive, presence, what was missed in between, the outbox. */
  async begin({ ready }: Begun): Promise<void> {
    const { meta, stream } = this.#stores;
    if (ready) {
      this.#writeOutbox();
      drop(this.#nodes.removeErased());
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
    const pep = known?.identities.some(({ category, type }) => category === "pubsub" && type === "pep");
    this.#connection.setPep(pep ? "ok" : "missing");
    const items = roster.ok ? parseRoster(roster.value) : undefined;
    if (items) this.#stores.turn(() => this.#stores.contacts.replaceAll(items.map(contactDraft)));
    const archived = this.#features.has(NS_MAM) && (await this.#archive.catchUp()) === "done";
    const carbons = this.#connection.request(enableCarbons());
    this.#connection.send(buildAvailable(await buildCaps(OUR_INFO)));
    this.#copied = (await carbons).ok;
    // Between the last page and our presence a message may have gone to the archive alone.
    if (archived) await this.#archive.catchUp();
    stream.session = { features: [...this.#features], copied: this.#copied, ready: true };
    this.#connection.setCaughtUp();
    this.#writeOutbox();
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
    this.#take(stanza);
    if (inbound === undefined || stanza.name !== "message") return false;
    this.#stores.stream.received(inbound);
    return true;
  }

  #take(stanza: Element): void {
    const { meta } = this.#stores;
    // The very first stream of an account, before its password counts as proved: nobody knows this resource yet.
    if (meta.get("account") === undefined) return;
    if (stanza.name === "iq") {
      this.#answer(stanza);
      return;
    }
    const drafts = ingest(stanza, {
      account: meta.account,
      now: Date.now(),
      trustedArchiveIds: this.#features.has(NS_MAM) || this.#features.has(NS_SID),
      openQueries: this.#archive.openQueries,
    });
    const newest = this.#intake.take(drafts);
    if (newest && !this.#connection.caughtUp) this.#archive.arrived(newest.at);
    // While pages are being read only they move the cursor: a live message may be newer than the next page. Nor may it
    // overtake one of ours that the server has not acknowledged: the archive has to show that one on the next stream.
    if (newest && this.#connection.caughtUp && this.#copied && this.#stores.outbox.empty) {
      this.#stores.archives.advance(meta.account, { cursor: newest.archiveId, at: newest.at });
    }
    if (drafts.some((draft) => draft.kind === "devices" && draft.jid === meta.account)) drop(this.#nodes.repairList());
  }

  /** The server has these (XEP-0198 §4); `store` keeps the count. Runs inside a turn. */
  acknowledged(ids: readonly string[], store: () => void): void {
    for (const id of ids) this.#intake.settle(id);
    store();
  }

  /** What was accepted and is not on this stream yet, in its order. */
  #writeOutbox(): void {
    for (const row of this.#stores.outbox.waiting()) this.#connection.sendText(row.stanza);
  }

  #answer(iq: Element): void {
    const { drafts, reply } = ingestIq(iq, this.#stores.meta.account);
    this.#intake.take(drafts);
    if (reply) this.#connection.send(reply);
  }
}
