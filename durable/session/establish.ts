/**
 * The steps at the beginning of a stream, from bound to live (RFC 6121 §2.2, §4.2). The archive is read before we send
 * presence, so that the server need not send twice what it kept for us.
 */
import type { BareJid } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import { report } from "../../worker/shared/report.ts";
import { GAP_AFTER_MS } from "../archive/archive.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { ServerPush } from "../gateway/server-push.ts";
import type { RequestError, RequestResult } from "../link/iq.ts";
import { contactEvent } from "../ingest/requests.ts";
import type { OmemoNodes } from "../omemo/nodes.ts";
import type { DisplayedSync } from "../pep/displayed.ts";
import type { RoomBookmarks } from "../rooms/bookmarks.ts";
import type { RoomOccupancy } from "../rooms/occupancy.ts";
import type { Stores } from "../store/stores.ts";
import { parseBlocklist, requestBlocklist } from "../xep/blocking.ts";
import { enableCarbons } from "../xep/carbons.ts";
import { parseInfo, requestInfo } from "../xep/disco.ts";
import { NS_MAM } from "../xep/mam.ts";
import { buildPing } from "../xep/ping.ts";
import { parseRoster, requestRoster, type RosterItem } from "../xep/roster.ts";
import type { SessionState } from "./state.ts";

export type EstablishParts = {
  readonly stores: Stores;
  readonly link: CurrentLink;
  readonly nodes: OmemoNodes;
  readonly displayed: DisplayedSync;
  readonly occupancy: RoomOccupancy;
  readonly bookmarks: RoomBookmarks;
  readonly serverPush: Pick<ServerPush, "settle">;
  readonly state: SessionState;
};

/** `written`: presence is on the stream. `carbons`: the answer to them. */
type Appearance = { readonly written: Promise<void>; readonly carbons: Promise<RequestResult> };

/** A server that answers one thing after the other answers nothing while its archive does not. */
const TAKEN_WITHIN_MS = 5_000;

export class Establish {
  readonly #stores: Stores;
  readonly #link: CurrentLink;
  readonly #nodes: OmemoNodes;
  readonly #displayed: DisplayedSync;
  readonly #occupancy: RoomOccupancy;
  readonly #bookmarks: RoomBookmarks;
  readonly #serverPush: EstablishParts["serverPush"];
  readonly #state: SessionState;
  /** The archive was asked since this object was made. */
  #verified = false;

  constructor({ stores, link, nodes, displayed, occupancy, bookmarks, serverPush, state }: EstablishParts) {
    this.#stores = stores;
    this.#link = link;
    this.#nodes = nodes;
    this.#displayed = displayed;
    this.#occupancy = occupancy;
    this.#bookmarks = bookmarks;
    this.#serverPush = serverPush;
    this.#state = state;
  }

  /** A stream stands, before its first stanza. True where it is the one that was, with everything read. */
  stands(resumed: boolean): boolean {
    const { meta, stream, presence } = this.#stores;
    const session = resumed ? stream.session : undefined;
    this.#state.features = new Set(meta.get("server-features"));
    this.#state.copied = session?.copied ?? false;
    if (!resumed) presence.clear();
    if (session?.ready) this.#state.archive.goOn(session.archive);
    else if (this.#state.hasArchive) this.#state.archive.hold();
    return session?.ready ?? false;
  }

  /**
   * Roster, archive, presence, what was missed in between, then what waits to be sent. `ready`: nothing is left to begin,
   * for `stands` has said so. Throws where the server does not answer or the stream ends: then another one has to begin.
   */
  async begin(ready: boolean): Promise<void> {
    if (ready) {
      this.#occupancy.resumed();
      this.#bookmarks.resumed();
      this.#displayed.resumed();
      drop(this.#nodes.removeErased());
      await this.#verify();
      drop(this.#state.backfill.load());
      return;
    }
    if (this.#link.unseen && this.#stores.meta.get("server-features")?.includes(NS_MAM)) {
      await this.#lookIn();
      return;
    }
    const pep = await this.#askServer();
    await this.#catchUp();
    this.#stores.stream.session = { copied: this.#state.copied, archive: this.#state.archive.end, ready: true };
    this.#link.setCaughtUp();
    this.writeOutbox();
    this.#occupancy.begin();
    drop(this.#bookmarks.begin(pep));
    drop(this.#serverPush.settle(true));
    drop(this.#state.backfill.load());
    if (pep) {
      drop(this.#displayed.begin());
      drop(this.#nodes.removeErased());
      drop(this.#nodes.repairList());
    }
  }

  /** Nobody is here: what came is in the archive, which asks for no presence. Contacts and rooms see nothing of it. */
  async #lookIn(): Promise<void> {
    const { archive } = this.#state;
    this.#verified = true;
    archive.settle(await archive.read());
    this.#link.setCaughtUp();
    this.writeOutbox();
    await this.#serverPush.settle(true);
  }

  /** What was accepted and is not on this stream yet, in its order: before anything newer can be written. */
  writeOutbox(): void {
    for (const row of this.#stores.outbox.waiting()) this.#link.write(row);
  }

  /** What the server can do, and the roster. True where it can carry OMEMO (XEP-0163). */
  async #askServer(): Promise<boolean> {
    const { meta } = this.#stores;
    const [info] = await Promise.all([
      this.#link.request(requestInfo(meta.account)),
      this.#readRoster(),
      this.#readBlocklist(),
    ]);
    if (!info.ok) assertAnswered(info.error);
    const known = info.ok ? parseInfo(info.value) : undefined;
    this.#state.features = new Set(known?.features);
    meta.set("server-features", [...this.#state.features]);
    const pep = known?.identities.some(({ category, type }) => category === "pubsub" && type === "pep") ?? false;
    this.#link.setPep(pep ? "ok" : "missing");
    return pep;
  }

  /** Also what makes the server tell of changes (XEP-0191 §3.2). One that blocks nobody refuses, or knows no such thing. */
  async #readBlocklist(): Promise<void> {
    const blocked: BareJid[] = [];
    const answer = await this.#link.request(requestBlocklist(), {
      part: (some) => blocked.push(...(parseBlocklist(some) ?? [])),
    });
    const last = answer.ok ? parseBlocklist(answer.value) : undefined;
    if (last) this.#stores.turn(() => this.#stores.contacts.replaceBlocked([...blocked, ...last]));
  }

  /** A long one is stored part by part as it comes: nobody waits until all of it is. */
  async #readRoster(): Promise<void> {
    const { contacts } = this.#stores;
    const put = (items: readonly RosterItem[] = []) => contacts.putListed(items.map(contactEvent));
    contacts.beginRoster();
    const answer = await this.#link.request(requestRoster(), {
      part: (some) => this.#stores.turn(() => put(parseRoster(some))),
    });
    if (!answer.ok) {
      assertAnswered(answer.error);
      return;
    }
    const last = parseRoster(answer.value);
    if (!last) return;
    this.#stores.turn(() => {
      put(last);
      contacts.endRoster();
    });
  }

  /**
   * The archive, then presence, then the archive again for what arrived in between. An archive that is slow holds up
   * neither: after a while presence is sent and live messages are shown behind a gap.
   */
  async #catchUp(): Promise<void> {
    const { archive } = this.#state;
    this.#verified = true;
    let appearance: Appearance | undefined;
    const appear = () => (appearance ??= this.#appear());
    // Once a gap is shown, what is said comes live: without presence it would lie in the archive that nobody waits for.
    const shown = archive.begin(GAP_AFTER_MS, async () => {
      await appear().written;
      // Answered after presence was taken (RFC 6120 §10.1), by a refusal as well as by a result.
      await this.#link.request(buildPing(), { timeoutMs: TAKEN_WITHIN_MS });
    });
    const archived = this.#state.features.has(NS_MAM);
    const reading = archived ? archive.read() : Promise.resolve("none" as const);
    await Promise.race([reading, shown]);
    const { written, carbons } = appear();
    await written;
    this.#state.copied = (await carbons).ok;
    const first = await reading;
    // Between the last page and our presence a message may have gone to the archive alone.
    archive.settle(first === "done" ? await archive.read() : first);
  }

  /** Carbons, then presence. */
  #appear(): Appearance {
    return { carbons: this.#link.request(enableCarbons()), written: this.#link.presence.begin() };
  }

  /** Once in the life of this object; `#catchUp` does as much on a new stream. */
  async #verify(): Promise<void> {
    const { archive } = this.#state;
    if (this.#verified || archive.end !== "done") return;
    await archive.verify();
    this.#verified = true;
  }
}

/**
 * A refusal is an answer; silence says nothing about what the server can do. An answer that is too large would be so
 * on every stream: what was known before stays.
 */
function assertAnswered({ kind }: RequestError): void {
  if (kind === "too-large") report("an answer was too large", new RangeError());
  else if (kind !== "stanza-error") throw new Error(`the server did not answer: ${kind}`);
}
