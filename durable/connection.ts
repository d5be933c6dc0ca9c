/**
 * The life of the one XMPP connection: opens it, notices its end, waits between tries. What to do and when is the plan's
 * decision (`plan.ts`); what a stanza means is the account's. Kept here are the sign-in keys, in memory only.
 */
import type { Element } from "@xmpp/xml";
import parse from "@xmpp/xml/lib/parse.js";
import type { AccountState, BareJid, Failure, FailureKind, LinkState, Result } from "../worker/contract.ts";
import { drop } from "./drop.ts";
import type { RequestResult } from "./link/iq.ts";
import { type Credentials, Link, type LinkSettings, proveCredentials, type SignedIn } from "./link/link.ts";
import type { ScramKeys } from "./link/scram.ts";
import { backOff, type PlannedLink } from "./plan.ts";

const OPEN_TIMEOUT_MS = 60_000;

/** Failures that trying again does not mend: somebody has to do something first. */
const FINAL: ReadonlySet<FailureKind> = new Set([
  "address-invalid",
  "domain-refused",
  "unproven-name",
  "wrong-password",
  "account-disabled",
  "only-plain",
  "no-mechanism",
  "server-not-proven",
  "locked",
  "wrong-account",
]);

export interface ConnectionHost {
  /** The server has accepted this account's password. Synchronous, and before anything else is made of it. */
  onProved(account: BareJid): void;
  /** The state shown to people changed. */
  onState(): void;
  /** Synchronous: stored when it returns. */
  onStanza(stanza: Element): void;
  onAcknowledged(ids: readonly string[]): void;
  /** A stream is bound. Everything up to `caughtUp()` happens here; a rejection ends the stream. */
  onBound(): Promise<void>;
  /** The situation changed: plan again. */
  replan(): void;
}

export class Connection {
  readonly #host: ConnectionHost;
  readonly #settings: (account?: BareJid) => LinkSettings;
  #state: LinkState = { state: "off" };
  #link: Link | undefined;
  #opening: AbortController | undefined;
  #failures = 0;
  #keys: ScramKeys | undefined;
  /** Off for good until somebody signs in again or asks for a new try. */
  #stopped = false;
  #pep: AccountState["pep"];

  constructor(settings: (account?: BareJid) => LinkSettings, host: ConnectionHost) {
    this.#settings = settings;
    this.#host = host;
  }

  get accountState(): AccountState {
    return this.#pep === undefined ? { link: this.#state } : { link: this.#state, pep: this.#pep };
  }

  get live(): boolean {
    return this.#state.state === "live";
  }

  /** The log holds everything the archive had: messages may be written straight to the stream. */
  get caughtUp(): boolean {
    return this.#state.state === "live" && this.#state.caughtUp;
  }

  get unlocked(): boolean {
    return this.#keys !== undefined;
  }

  unlock(keys: ScramKeys): void {
    this.#keys = keys;
  }

  get planned(): PlannedLink {
    if (this.#link && this.live) return { state: "live", lastByteAt: this.#link.lastByteAt };
    if (this.#opening) return { state: "opening" };
    if (this.#state.state === "waiting") return { state: "waiting", until: this.#state.until };
    return this.#stopped ? { state: "off" } : { state: "idle" };
  }

  /**
   * Prove a password at the server. Where no stream is up, the proof is the beginning of one; else it is an exchange of
   * its own that ends before binding. A failed proof leaves a running stream, its keys and an opening by somebody else
   * alone.
   */
  async signIn(account: BareJid, credentials: Credentials & { readonly kind: "password" }): Promise<Result<SignedIn>> {
    if (!this.live && !this.unlocked && !this.#opening) return this.#open(this.#settings(account), credentials);
    const proof = await proveCredentials(this.#settings(account), credentials, AbortSignal.timeout(OPEN_TIMEOUT_MS));
    if (!proof.ok) return proof;
    // After PLAIN there is nothing to open a stream with later: it is opened while the password is here.
    if (!proof.value.keys && !this.live) {
      this.#opening?.abort();
      return this.#open(this.#settings(account), credentials);
    }
    this.#host.onProved(account);
    return proof;
  }

  /** Open with the keys kept from a sign-in. */
  async open(): Promise<void> {
    if (!this.#keys || this.live || this.#opening) return;
    await this.#open(this.#settings(), this.#keys);
  }

  /** Somebody asked not to wait. */
  retryNow(): void {
    this.#failures = 0;
    this.#stopped = false;
    if (this.#state.state === "waiting") this.#setState({ state: "off" });
    this.#host.replan();
  }

  async close(): Promise<void> {
    const link = this.#link;
    this.#forget();
    this.#setState({ state: "off" });
    await link?.close();
  }

  /** The other side has been silent for too long. */
  abandon(): void {
    const link = this.#link;
    if (!link) return;
    this.#lost(link, { kind: "connection-lost" });
    drop(link.close());
  }

  setCaughtUp(): void {
    if (this.live) this.#setState({ state: "live", caughtUp: true });
  }

  /** Whether the server can carry OMEMO at all (XEP-0163). */
  setPep(pep: NonNullable<AccountState["pep"]>): void {
    if (this.#pep === pep) return;
    this.#pep = pep;
    this.#host.onState();
  }

  /** False where there is no stream to write to. */
  send(stanza: Element): boolean {
    return this.#link?.send(stanza) ?? false;
  }

  /** A finished stanza from the outbox, as it was stored. */
  sendText(stanza: string): boolean {
    return this.send(parse(stanza));
  }

  async request(iq: Element): Promise<RequestResult> {
    return this.#link ? this.#link.request(iq) : { ok: false, error: { kind: "lost" } };
  }

  requestAck(): void {
    this.#link?.requestAck();
  }

  async #open(settings: LinkSettings, credentials: Credentials): Promise<Result<SignedIn>> {
    const opening = new AbortController();
    this.#opening = opening;
    this.#stopped = false;
    this.#host.replan();
    const link: Link = new Link(settings, {
      onState: (state) => {
        if (this.#opening === opening) this.#setState({ state });
      },
      onStanza: (stanza) => this.#host.onStanza(stanza),
      onAcknowledged: (ids) => this.#host.onAcknowledged(ids),
      onClosed: (failure) => this.#lost(link, failure),
    });
    const signal = AbortSignal.any([opening.signal, AbortSignal.timeout(OPEN_TIMEOUT_MS)]);
    const result = await link.open(credentials, signal);
    if (this.#opening !== opening) {
      // Somebody else signs in or everything was closed meanwhile: this stream has no owner.
      if (result.ok) await link.close();
      return result.ok ? { ok: false, error: { kind: "connection-lost" } } : result;
    }
    this.#opening = undefined;
    if (!result.ok) {
      // A password that was refused is the business of the browser that typed it, not of the account.
      if (credentials.kind === "password") this.#setState({ state: "off" });
      else this.#failed(result.error);
      return result;
    }
    this.#host.onProved(settings.account);
    this.#link = link;
    this.#keys = result.value.keys;
    this.#setState({ state: "live", caughtUp: false });
    drop(this.#begin(link));
    return result;
  }

  async #begin(link: Link): Promise<void> {
    try {
      await this.#host.onBound();
    } catch (error) {
      console.error("session start failed", error instanceof Error ? error.name : typeof error);
      if (this.#link === link) this.abandon();
      return;
    }
    if (this.#link === link) this.#failures = 0;
    this.#host.replan();
  }

  #lost(link: Link, failure: Failure): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    // After PLAIN there is nothing to sign in with: the person has to.
    this.#failed(this.#keys ? failure : { kind: "locked" });
  }

  #failed(failure: Failure): void {
    this.#failures += 1;
    if (FINAL.has(failure.kind)) {
      this.#stopped = true;
      if (failure.kind === "wrong-password") this.#keys = undefined;
      this.#setState({ state: "off", failure });
    } else {
      const until = Date.now() + backOff(this.#failures, Math.random());
      this.#setState({ state: "waiting", until, failure });
    }
    this.#host.replan();
  }

  #forget(): void {
    this.#opening?.abort();
    this.#opening = undefined;
    this.#link = undefined;
  }

  #setState(state: LinkState): void {
    this.#state = state;
    this.#host.onState();
  }
}
