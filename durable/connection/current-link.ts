/**
 * The link that is up now, as everybody writes to it, and the state that people are shown. It is opened and ended by
 * `connection.ts`.
 */
import type { Element } from "@xmpp/xml";
import type { AccountState, LinkState } from "../../worker/contract/state.ts";
import type { RequestOptions, RequestResult } from "../link/iq.ts";
import type { Link } from "../link/link.ts";
import type { Applier } from "../store/apply.ts";
import { NS_MAM } from "../xep/mam.ts";
import type { LiveSockets, Stores } from "../store/stores.ts";

import { OwnPresence } from "./own-presence.ts";
import { Returned } from "./returned.ts";
import { type Written, Writing } from "./writing.ts";

export class CurrentLink {
  readonly #stores: Stores;
  readonly #sockets: LiveSockets;
  /** How messages of the outbox are written. */
  readonly writing: Writing;
  /** Those that have come back. */
  readonly returned = new Returned();
  /** What contacts see of us. */
  readonly presence: OwnPresence;
  /** Nobody is here to be seen: it was opened to look in (`looking-in.ts`), and contacts are told nothing of it. */
  unseen = false;
  #link: Link | undefined;
  #state: LinkState = { state: "off" };
  #pep: AccountState["pep"];
  /** What the server was told on this stream; undefined: nothing yet. */
  #toldActive: boolean | undefined;

  constructor(stores: Stores, sockets: LiveSockets, applier: Applier) {
    this.#stores = stores;
    this.writing = new Writing(stores, applier);
    this.#sockets = sockets;
    this.presence = new OwnPresence(stores, sockets, (presence) => this.send(presence));
  }

  get state(): LinkState {
    return this.#state;
  }

  /** What browsers are shown: the link, whether the server can carry OMEMO and keeps an archive, whether the account stays online. */
  get accountState(): AccountState {
    const stayOnline = this.#stores.meta.get("stay-online") ?? false;
    const features = this.#stores.meta.get("server-features");
    const archived = features === undefined || features.includes(NS_MAM);
    return {
      link: this.#state,
      ...(this.#pep !== undefined && { pep: this.#pep }),
      ...(!archived && { archive: "missing" }),
      stayOnline,
      ...(this.#stores.meta.get("looks-in") === true && { looksIn: true }),
      ...(this.#stores.meta.get("server-push") !== undefined && { pushed: true }),
    };
  }

  /** A stream stands; see `caughtUp` for whether messages may be written to it. */
  get live(): boolean {
    return this.#state.state === "live";
  }

  /** The log holds everything the archive had: messages may be written straight to the stream. */
  get caughtUp(): boolean {
    return this.#state.state === "live" && this.#state.caughtUp;
  }

  /** Undefined where none is up. */
  get link(): Link | undefined {
    return this.#link;
  }

  /** Replaces it; undefined: none is up. */
  set(link: Link | undefined): void {
    if (link !== this.#link) {
      this.#toldActive = undefined;
      this.writing.begin(link);
    }
    this.#link = link;
  }

  /** As it was before the object lost its memory; nobody is told. */
  restore(state: LinkState): void {
    this.#state = state;
  }

  /** The browsers are told; who is there is shown while there is a stream that tells it. */
  setState(state: LinkState): void {
    this.#state = state;
    this.#stores.presence.show(this.live);
    // Nobody tells any more when they stop.
    if (!this.live) this.#stores.typing.clear();
    this.tellState();
  }

  /** To every browser, also where something other than the link has changed. */
  tellState(): void {
    this.#sockets.broadcast({ type: "state", state: this.accountState });
  }

  /** Everything that the archive held is in the log. Without effect where the stream has ended meanwhile. */
  setCaughtUp(): void {
    if (!this.live) return;
    this.setState({ state: "live", caughtUp: true });
    // Until now the new stream was active (XEP-0352 §5), which is right while the archive is read.
    this.tellActive();
  }

  /**
   * Tells contacts and the server whether anybody looks at one of the browsers (XEP-0319, XEP-0352), where they do not
   * know: the server always on a stream of which nothing was said. A resumed one is no exception: Prosody 0.12 goes on holding back what was to be held back
   * before, and forgets to let go.
   */
  tellActive(): void {
    if (!this.unseen) this.presence.look(this.caughtUp);
    const active = this.#sockets.visible;
    if (!this.caughtUp || active === this.#toldActive) return;
    if (this.#link?.setActive(active)) this.#toldActive = active;
  }

  /** Whether the server can carry OMEMO at all (XEP-0163). */
  setPep(pep: NonNullable<AccountState["pep"]>): void {
    if (this.#pep === pep) return;
    this.#pep = pep;
    this.setState(this.#state);
  }

  /** Writes a stanza that was just built. False where there is no stream to write to. */
  send(stanza: Element): boolean {
    return this.#link?.send(stanza) ?? false;
  }

  /**
   * Writes a finished stanza of the outbox, as it was stored, now or in its turn; one that the server does not take fails.
   * False where there is no stream to write to.
   */
  write(message: Written): boolean {
    return this.writing.write(message);
  }

  /** Asks and waits for the answer, 30 s unless given. Fails with `lost` where there is no stream or it ends first. */
  async request(iq: Element, options?: RequestOptions): Promise<RequestResult> {
    return this.#link ? this.#link.request(iq, options) : { ok: false, error: { kind: "lost" } };
  }

  /** Asks the server how far it is (XEP-0198 §4), which also shows whether the connection lives. */
  requestAck(): void {
    this.#link?.requestAck();
  }
}
