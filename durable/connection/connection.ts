/**
 * The life of the one XMPP connection: opens it, notices its end, waits between tries. What to do and when is the plan's
 * decision (`plan.ts`); what a stanza means is the account's. Kept here are the sign-in keys, in memory only.
 */
import type { Element } from "@xmpp/xml";
import parse from "@xmpp/xml/lib/parse.js";
import type { AccountState, BareJid, Failure, LinkState, Result } from "../../worker/contract.ts";
import type { Begun, ConnectionHost } from "./connection-host.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { RequestResult } from "../link/iq.ts";
import { nextAttempt } from "../link/sasl/fast.ts";
import { type Credentials, type Keys, Link, type LinkSettings, type SignedIn } from "../link/link.ts";
import { backOff, type PlannedLink } from "./plan.ts";
import { invalidateToken, OPEN_TIMEOUT_MS, prove, settingsAt } from "../link/prove.ts";
import { isFinal } from "./retry.ts";
import type { SetbackMemory } from "../store/meta.ts";
import { withinTime } from "../link/within.ts";

export class Connection {
  readonly #host: ConnectionHost;
  readonly #settings: (account?: BareJid) => LinkSettings;
  readonly #memory: SetbackMemory;
  #state: LinkState = { state: "off" };
  #link: Link | undefined;
  #opening: AbortController | undefined;
  #failures = 0;
  #keys: Keys | undefined;
  /** Off for good until somebody signs in again or asks for a new try. */
  #stopped = false;
  #pep: AccountState["pep"];
  #active = true;
  /** Where the last stream was opened. */
  #endpoint: string | undefined;

  constructor(settings: (account?: BareJid) => LinkSettings, host: ConnectionHost, memory: SetbackMemory) {
    this.#settings = settings;
    this.#host = host;
    this.#memory = memory;
    const setback = memory.load();
    if (!setback) return;
    const { failures, failure, until } = setback;
    this.#failures = failures;
    this.#stopped = until === undefined;
    this.#state = until === undefined ? { state: "off", failure } : { state: "waiting", until, failure };
  }

  get accountState(): AccountState {
    const stayOnline = this.#host.stayOnline();
    return { link: this.#state, ...(this.#pep !== undefined && { pep: this.#pep }), stayOnline };
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

  /** What the account signs in with, while it is open. */
  get keys(): Keys | undefined {
    return this.#keys;
  }

  unlock(keys: Keys): void {
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
    const proof = await prove(this.#near(account), credentials);
    if (!proof.ok) return proof;
    // After PLAIN there is nothing to open a stream with later: it is opened while the password is here.
    if (!proof.value.keys && !this.live) {
      this.#opening?.abort();
      return this.#open(this.#settings(account), credentials);
    }
    this.#host.onProved(account);
    this.#recover();
    return proof;
  }

  /** Nothing to sign in with: the person has to. */
  lock(): void {
    if (this.#stopped || this.live || this.#opening) return;
    this.#failed({ kind: "locked" });
  }

  /** The last browser has signed out. A token is given back, if the server can be reached now. */
  forgetKeys(): void {
    const keys = this.#keys;
    this.#keys = undefined;
    if (keys?.kind === "fast") drop(invalidateToken(this.#near(), nextAttempt(keys)));
  }

  /** Open with the keys kept from a sign-in. */
  async open(): Promise<void> {
    if (!this.#keys || this.live || this.#opening) return;
    await this.#open(this.#settings(), this.#keys);
  }

  /** Somebody asked not to wait. */
  retryNow(): void {
    this.#recover();
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
    link.cut();
  }

  setCaughtUp(): void {
    if (!this.live) return;
    this.#setState({ state: "live", caughtUp: true });
    // A new stream is active (XEP-0352 §5), which is right while the archive is read.
    if (!this.#active) this.#link?.setActive(false);
  }

  /** Somebody is looking at one of the browsers, or nobody. */
  setActive(active: boolean): void {
    if (active === this.#active) return;
    this.#active = active;
    if (this.caughtUp) this.#link?.setActive(active);
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

  async request(iq: Element, options: { readonly timeoutMs?: number } = {}): Promise<RequestResult> {
    return this.#link ? this.#link.request(iq, options) : { ok: false, error: { kind: "lost" } };
  }

  requestAck(): void {
    this.#link?.requestAck();
  }

  async #open(settings: LinkSettings, credentials: Credentials): Promise<Result<SignedIn>> {
    const opening = new AbortController();
    this.#opening = opening;
    const before = this.#state;
    this.#host.replan();
    let ready = false;
    const link: Link = new Link(settings, {
      onState: (state) => {
        if (this.#opening === opening) this.#setState({ state });
      },
      onStream: (resumed) => {
        if (this.#opening !== opening) return;
        this.#link = link;
        ready = this.#host.onStream(resumed);
        // What a resumed stream brings is taken as on the day it was cut.
        if (ready) this.#setState({ state: "live", caughtUp: true });
      },
      onResent: () => {
        if (ready) this.#host.onResent();
      },
      onStanza: (stanza, inbound) => this.#host.onStanza(stanza, inbound),
      onUnreadable: (outline, broken) => this.#host.onUnreadable(outline, broken),
      onAcknowledged: (ids, store) => this.#host.onAcknowledged(ids, store),
      onClosed: (failure) => this.#lost(link, failure),
    });
    const used = await this.#counted(credentials);
    const result = await withinTime(OPEN_TIMEOUT_MS, (signal) => openSafely(link, used, signal), opening.signal);
    if (this.#opening !== opening) {
      if (this.#link === link) this.#link = undefined;
      // Somebody else signs in or everything was closed meanwhile: this stream has no owner.
      if (result.ok) await link.close();
      return result.ok ? { ok: false, error: { kind: "connection-lost" } } : result;
    }
    this.#opening = undefined;
    if (!result.ok) {
      this.#link = undefined;
      if (credentials.kind !== "password") {
        // Where somebody has signed in meanwhile, what was refused is not what is kept now.
        this.#failed(this.#keys === used ? result.error : { kind: "connection-lost" });
        return result;
      }
      // A password that was refused is the business of the browser that typed it, not of the account.
      this.#setState(before.state === "waiting" || before.state === "off" ? before : { state: "off" });
      this.#host.replan();
      return result;
    }
    this.#host.onProved(settings.account);
    this.#link = link;
    this.#stopped = false;
    this.#endpoint = result.value.endpoint;
    if (credentials.kind === "password") this.#keys = result.value.keys;
    else if (this.#keys === used) this.#renew(result.value.keys);
    if (!ready) this.#setState({ state: "live", caughtUp: false });
    else if (!this.#active) link.setActive(false);
    drop(this.#begin(link, { resumed: result.value.resumed, ready }));
    return result;
  }

  /** A token counts its uses and must know of each before it happens (XEP-0484). */
  async #counted(credentials: Credentials): Promise<Credentials> {
    if (credentials.kind !== "fast") return credentials;
    const next = nextAttempt(credentials);
    this.#keys = next;
    await this.#host.onKeys(next);
    return next;
  }

  /** The server gave something better for the next time: a first token, or a new one in place of the old. */
  #renew(keys: Keys | undefined): void {
    if (!keys || keys === this.#keys) return;
    this.#keys = keys;
    drop(this.#host.onKeys(keys));
  }

  async #begin(link: Link, begun: Begun): Promise<void> {
    try {
      await this.#host.onBound(begun);
    } catch (error) {
      console.error("session start failed", error instanceof Error ? error.name : typeof error);
      if (this.#link === link) this.abandon();
      return;
    }
    if (this.#link === link) this.#recover();
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
    if (isFinal(failure)) {
      this.#stopped = true;
      if (failure.kind === "wrong-password") {
        this.#keys = undefined;
        this.#host.onRefused();
      }
      this.#memory.save({ failures: this.#failures, failure });
      this.#setState({ state: "off", failure });
    } else {
      const until = Date.now() + backOff(this.#failures, Math.random());
      this.#memory.save({ failures: this.#failures, failure, until });
      this.#setState({ state: "waiting", until, failure });
    }
    this.#host.replan();
  }

  /** Whatever went wrong before is over. */
  #recover(): void {
    if (this.#failures > 0 || this.#stopped) this.#memory.save(undefined);
    this.#failures = 0;
    this.#stopped = false;
    const { state } = this.#state;
    if (state === "waiting" || state === "off") this.#setState({ state: "off" });
  }

  /** The very place where a stream is up, if one is: nothing has to be found again. */
  #near(account?: BareJid): LinkSettings {
    const settings = this.#settings(account);
    return this.live && this.#endpoint !== undefined ? settingsAt(settings, this.#endpoint) : settings;
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

/** What a server says may make a library throw; the account must not hang on that. */
async function openSafely(link: Link, credentials: Credentials, signal: AbortSignal): ReturnType<Link["open"]> {
  try {
    return await link.open(credentials, signal);
  } catch (error) {
    console.error("opening failed", error instanceof Error ? error.name : typeof error);
    await link.close();
    return { ok: false, error: { kind: "internal" } };
  }
}
