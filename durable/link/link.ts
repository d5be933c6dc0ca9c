/**
 * The link: one XMPP connection of one account, from a domain name to a bound stream under management. One `Link` is
 * one connection; when it has ended, the next try is another `Link`.
 */
import { type Element, xml } from "@xmpp/xml";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { Credentials } from "./sasl/credentials.ts";
import type { RequestOptions, RequestResult } from "./iq.ts";
import { NS_CLIENT_STATE } from "../xep/namespaces.ts";
import { type Negotiated, negotiate } from "./negotiate.ts";
import { signedIn, type SignedIn } from "./prove.ts";
import { endWith, type Enter, reach } from "./reach.ts";
import { Limit } from "./limit.ts";
import type { StreamEnd, StreamListener } from "./management/listener.ts";
import { arrivedOf, MODULUS, type Outgoing, returnOf, type SavedStream, timeToProveMs } from "./management/resume.ts";
import { Session } from "./session.ts";
import type { LinkSettings } from "./settings.ts";
import { STEP_TIMEOUT_MS, type Stream } from "./stream.ts";

export type { Credentials, Keys, Person } from "./sasl/credentials.ts";
export type { LinkSettings } from "./settings.ts";
export type { SignedIn } from "./prove.ts";
export type { RequestResult } from "./iq.ts";

export type Opened = SignedIn & { readonly jid: string; readonly resumed: boolean };

/** What becomes of a link; what its stream brings goes to the listener. */
export interface LinkHost {
  onState(state: "resolving" | "dialing" | "securing" | "authenticating"): void;
  /**
   * The stream stands and can be written to; no stanza has come yet. `resumed`: it is the one that was before. True where
   * it can be used as it is.
   */
  onStream(resumed: boolean): boolean;
  /** After `open` succeeded: the stream ended for this reason. Called once, and not for an own `close`. */
  onClosed(failure: Failure): void;
}

type Live = {
  readonly kind: "live";
  readonly stream: Stream;
  readonly session: Session;
  /** Client state (XEP-0352) may be told: it is offered, and a resumed stream has proved itself. */
  readonly clientState: boolean;
};

type State =
  | { readonly kind: "off" }
  | { readonly kind: "opening"; readonly abort: AbortController }
  | Live
  | { readonly kind: "over" };

export class Link {
  readonly #settings: LinkSettings;
  readonly #host: LinkHost;
  readonly #listener: StreamListener;
  #state: State = { kind: "off" };
  /** `open` has succeeded. */
  #opened = false;

  constructor(settings: LinkSettings, host: LinkHost, listener: StreamListener) {
    this.#settings = settings;
    this.#host = host;
    this.#listener = listener;
  }

  /** `Date.now()` of the last received byte; 0 before the link is live. */
  get lastByteAt(): number {
    return this.#state.kind === "live" ? this.#state.stream.lastByteAt : 0;
  }

  /**
   * Resolve → dial → secure → authenticate → resume, or bind with stream management. `jid` is the full address,
   * `resumed` whether the stream before goes on.
   */
  async open(credentials: Credentials, signal: AbortSignal): Promise<Result<Opened>> {
    if (this.#state.kind !== "off") throw new Error("a link is opened once");
    const abort = new AbortController();
    this.#state = { kind: "opening", abort };
    const either = AbortSignal.any([signal, abort.signal]);
    const { account, resource, userAgent, memory } = this.#settings;
    const progress: LinkHost["onState"] = (state) => this.#host.onState(state);
    const saved = memory.load();
    const resume = saved && { id: saved.id, inbound: saved.inbound % MODULUS, jid: saved.full };
    const wish = { resource, userAgent, ...(resume && { resume }) };
    const enter: Enter<Negotiated> = (stream, used) => negotiate(stream, account, used, wish, progress);
    const reached = await reach(this.#settings, credentials, either, progress, enter, saved);
    if (!reached.ok) return this.#notOpened(reached.error);
    const { stream, outcome } = reached.value;
    const stop = endWith(either, stream);
    await this.#begin(stream, outcome, saved);
    stop();
    if (stream.failure) return this.#notOpened(stream.failure);
    this.#opened = true;
    const resumed = outcome.kind === "resumed";
    return { ok: true, value: { ...signedIn(stream, outcome), jid: outcome.jid, resumed } };
  }

  /**
   * Makes the session over the stream. Elements that arrived after the sign-in wait until the listener is ready for
   * them.
   */
  async #begin(stream: Stream, outcome: Negotiated, saved: SavedStream | undefined): Promise<void> {
    const { account, memory, stepTimeoutMs } = this.#settings;
    const limit = new Limit(this.#settings.limit);
    if (outcome.kind === "bound") limit.announced(outcome.largest);
    const managed = { memory, full: outcome.jid, endpoint: stream.endpoint.uri };
    const session = new Session(stream, this.#listener, account, managed, limit.current(Date.now()));
    stream.onEnd = (failure) => {
      const { unacknowledged } = session;
      session.end();
      this.#lost({ failure, byServer: stream.refused, unacknowledged });
    };
    if (stream.failure) return;
    if (outcome.kind === "resumed") {
      const back = saved && returnOf(saved, outcome.acknowledged);
      if (!back) {
        // The counts contradict each other: the server lies (CVE-2018-10847), or our storage was restored. So a new
        // stream.
        memory.forget();
        stream.fail({ kind: "server-error", detail: "resumption" });
        return;
      }
      const live: Live = { kind: "live", stream, session, clientState: false };
      this.#state = live;
      const ready = this.#host.onStream(true);
      session.resume(back);
      if (ready) this.#listener.resent();
      session.listen();
      // Prosody 0.12 reads on where the connection before broke off: in the middle of a stanza it hears nothing any more,
      // now or at any later return. A new stream, then.
      const answered = await limited(
        stream,
        "resumption",
        session.proved(),
        timeToProveMs(session.unacknowledged, stepTimeoutMs ?? STEP_TIMEOUT_MS),
      );
      if (!answered) memory.forget();
      // Not before: Prosody keeps back an answer that `<inactive/>` overtakes. A server without the extension ignores it.
      else if (this.#state === live) this.#state = { ...live, clientState: true };
      return;
    }
    this.#state = { kind: "live", stream, session, clientState: outcome.clientState };
    const arrived = saved && outcome.notResumed ? arrivedOf(saved, outcome.notResumed.acknowledged) : [];
    const ids = arrived.flatMap(({ id }) => id ?? []);
    if (ids.length > 0) this.#listener.acknowledged(ids, () => undefined);
    memory.forget();
    if (outcome.management.kind === "enabled") session.adopt(outcome.management.resumption);
    this.#host.onStream(false);
    session.listen();
    if (outcome.management.kind === "offered") {
      await limited(stream, "stream management", session.enableManagement(), stepTimeoutMs);
    }
  }

  /** It stands, and nothing that was written or asked on it waits for its answer. */
  get quiet(): boolean {
    return this.#state.kind === "live" && this.#state.session.quiet;
  }

  /** Writes a stanza that was just built, counted by stream management. False when the link is not live. */
  send(stanza: Element): boolean {
    return this.#state.kind === "live" && this.#state.session.send(stanza);
  }

  /** The same for one that was serialised before. */
  write(stanza: Outgoing): boolean {
    return this.#state.kind === "live" && this.#state.session.write(stanza);
  }

  /** Whether the server takes a stanza of this size. */
  fits(stanza: string): boolean {
    return this.#state.kind !== "live" || this.#state.session.fits(stanza);
  }

  /** Gives the iq an id and waits for the answer of whom it is addressed to; 30 s unless given. */
  async request(iq: Element, options?: RequestOptions): Promise<RequestResult> {
    if (this.#state.kind !== "live") return { ok: false, error: { kind: "lost" } };
    return this.#state.session.request(iq, options);
  }

  /** Ask the server how far it is. The answer is told as `acknowledged` and moves `lastByteAt`. */
  requestAck(): void {
    if (this.#state.kind === "live") this.#state.session.requestAck();
  }

  /**
   * Whether anybody is looking (XEP-0352): where nobody is, a server holds back what can wait. False where it cannot be
   * told (yet).
   */
  setActive(active: boolean): boolean {
    if (this.#state.kind !== "live" || !this.#state.clientState) return false;
    const { stream, session } = this.#state;
    stream.send(xml(active ? "active" : "inactive", { xmlns: NS_CLIENT_STATE }));
    // Prosody 0.12 holds back even what it had answered a moment before; whatever it hears makes it write that.
    if (!active) session.requestAckSoon();
    return true;
  }

  /** Without a goodbye, which would end the stream for good: the next link may go on with it. */
  cut(): void {
    const state = this.#state;
    this.#state = { kind: "over" };
    if (state.kind === "opening") state.abort.abort();
    if (state.kind === "live") state.stream.fail({ kind: "connection-lost" });
  }

  /** Politely, within a few seconds whatever the server does. */
  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: "over" };
    if (state.kind === "opening") state.abort.abort();
    if (state.kind !== "live") return;
    state.session.end();
    this.#settings.memory.forget();
    await state.stream.close();
  }

  #notOpened(error: Failure): { readonly ok: false; readonly error: Failure } {
    this.#state = { kind: "over" };
    return { ok: false, error };
  }

  #lost(end: StreamEnd): void {
    const { failure } = end;
    if (this.#state.kind !== "live") return;
    this.#state = { kind: "over" };
    if (failure.kind === "server-error" && failure.detail === "stanza-too-big") {
      const largest = Math.max(...end.unacknowledged.map(({ bytes }) => bytes));
      if (largest > 0) new Limit(this.#settings.limit).exceededBy(largest, Date.now());
    }
    const over = this.#listener.broke(end);
    // The server has ended this stream for good, or what it sent cannot be read and would come again after a
    // resumption.
    if (over || ENDED.has(failure.kind)) this.#settings.memory.forget();
    // Before `open` has settled its answer says it.
    if (this.#opened) this.#host.onClosed(failure);
  }
}

/** After these there is nothing to go on with (XEP-0198 §5). */
const ENDED: ReadonlySet<Failure["kind"]> = new Set(["server-error", "stream-replaced"]);

/** False where the step took too long, which has ended the stream. */
async function limited(stream: Stream, what: string, step: Promise<void>, limitMs = STEP_TIMEOUT_MS): Promise<boolean> {
  let inTime = true;
  const timer = setTimeout(() => {
    inTime = false;
    stream.fail({ kind: "timed-out", detail: what });
  }, limitMs);
  await step;
  clearTimeout(timer);
  return inTime;
}
