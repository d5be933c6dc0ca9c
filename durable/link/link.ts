/**
 * The link: one XMPP connection of one account, from a domain name to a bound stream under management. One `Link` is
 * one connection; when it has ended, the next try is another `Link`.
 */
import { type Element, xml } from "@xmpp/xml";
import type { BareJid, Failure, Result } from "../../worker/contract.ts";
import { drop } from "../drop.ts";
import { discover, type Resolver } from "./discover.ts";
import type { Endpoint } from "./endpoint.ts";
import { mostTelling } from "./failures.ts";
import type { RequestResult } from "./iq.ts";
import { NS_CLIENT_STATE } from "./namespaces.ts";
import { type Entered, enterStream, signIn } from "./negotiate.ts";
import { probes } from "./probes.ts";
import type { SavedStream, StreamMemory } from "./resume.ts";
import type { Authenticated, Credentials } from "./sasl.ts";
import type { ScramKeys } from "./scram.ts";
import { Session } from "./session.ts";
import { STEP_TIMEOUT_MS, Stream } from "./stream.ts";

export type { Credentials } from "./sasl.ts";
export type { RequestError, RequestResult, StanzaError } from "./iq.ts";

export type SignedIn = {
  /** Undefined after PLAIN. */
  readonly keys: ScramKeys | undefined;
  readonly mechanism: string;
  readonly endpoint: string;
};

export type Opened = SignedIn & { readonly jid: string; readonly resumed: boolean };

export interface LinkHost {
  onState(state: "resolving" | "dialing" | "securing" | "authenticating"): void;
  /** The stream stands: from now on it can be written to, and stanzas come. `resumed`: it is the one that was before. */
  onStream(resumed: boolean): void;
  /**
   * A message, a presence, or an iq of type get or set. Synchronous: stored when it returns; only then is it counted
   * for `<a h=…/>`. May come before `open` has settled. An exception ends the stream. `inbound` is the count that
   * includes it; true where it was stored in the same turn.
   */
  onStanza(stanza: Element, inbound: number | undefined): boolean;
  /** The `id`s of stanzas that the server has taken over; `store` belongs into the turn that settles them. */
  onAcknowledged(ids: readonly string[], store: () => void): void;
  /** After `open` succeeded: the stream ended for this reason. Called once, and not for an own `close`. */
  onClosed(failure: Failure): void;
}

export type LinkSettings = {
  readonly account: BareJid;
  readonly resource: string;
  /** Domain → endpoint URI, where the deployment fixes it. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Empty: every domain. */
  readonly allowedDomains: readonly string[];
  readonly resolver: Resolver;
  /** What outlives this connection (XEP-0198 §5). */
  readonly memory: StreamMemory;
  /** For each step of connecting; 15 s unless given. */
  readonly stepTimeoutMs?: number;
};

/** Proves a password by a SASL exchange of its own and closes before binding, so no resource appears. */
export async function proveCredentials(
  settings: LinkSettings,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<Result<SignedIn>> {
  const reached = await reach(settings, credentials, signal, () => undefined);
  if (!reached.ok) return reached;
  // The proof is complete; how the server says goodbye changes nothing about it.
  drop(reached.value.stream.close());
  return { ok: true, value: signedIn(reached.value) };
}

type State =
  | { readonly kind: "off" }
  | { readonly kind: "opening"; readonly abort: AbortController }
  | { readonly kind: "live"; readonly stream: Stream; readonly session: Session; readonly clientState: boolean }
  | { readonly kind: "over" };

export class Link {
  readonly #settings: LinkSettings;
  readonly #host: LinkHost;
  #state: State = { kind: "off" };
  /** `open` has succeeded. */
  #opened = false;

  constructor(settings: LinkSettings, host: LinkHost) {
    this.#settings = settings;
    this.#host = host;
  }

  /** `Date.now()` of the last received byte; 0 before the link is live. */
  get lastByteAt(): number {
    return this.#state.kind === "live" ? this.#state.stream.lastByteAt : 0;
  }

  /**
   * Resolve → dial → secure → authenticate → resume, or bind and enable stream management. `jid` is the full address,
   * `resumed` whether the stream before goes on.
   */
  async open(credentials: Credentials, signal: AbortSignal): Promise<Result<Opened>> {
    if (this.#state.kind !== "off") throw new Error("a link is opened once");
    const abort = new AbortController();
    this.#state = { kind: "opening", abort };
    const either = AbortSignal.any([signal, abort.signal]);
    const saved = this.#settings.memory.load();
    const reached = await reach(this.#settings, credentials, either, (state) => this.#host.onState(state), saved);
    if (!reached.ok) return this.#notOpened(reached.error);
    const { stream } = reached.value;
    const stop = endWith(either, stream);
    const entered = await enterStream(stream, this.#settings.account, this.#settings.resource, saved);
    if (!entered.ok || stream.failure) {
      stop();
      return this.#notOpened(entered.ok ? (stream.failure ?? { kind: "connection-lost" }) : entered.error);
    }
    const jid = await this.#begin(stream, entered.value);
    stop();
    if (stream.failure) return this.#notOpened(stream.failure);
    this.#opened = true;
    return { ok: true, value: { ...signedIn(reached.value), jid, resumed: entered.value.kind === "resumed" } };
  }

  /** The session over the stream. What has arrived behind the last answer waits until everything is in its place. */
  async #begin(stream: Stream, entered: Entered): Promise<string> {
    const { account, memory, stepTimeoutMs } = this.#settings;
    const full = entered.kind === "resumed" ? entered.resumption.stream.full : entered.jid;
    const session = new Session(stream, this.#host, account, { memory, full, endpoint: stream.endpoint.uri });
    stream.onEnd = (failure) => {
      session.end();
      this.#lost(failure);
    };
    this.#state = { kind: "live", stream, session, clientState: entered.clientState };
    if (entered.kind === "resumed") {
      this.#host.onStream(true);
      session.resume(entered.resumption);
      session.listen();
      return full;
    }
    const ids = entered.settled.flatMap(({ id }) => id ?? []);
    if (ids.length > 0) this.#host.onAcknowledged(ids, () => undefined);
    memory.forget();
    this.#host.onStream(false);
    session.listen();
    if (entered.management && !stream.failure) await limited(session, stream, stepTimeoutMs);
    return full;
  }

  /** Writes a stanza, counted by stream management. False when the link is not live. */
  send(stanza: Element): boolean {
    return this.#state.kind === "live" && this.#state.session.send(stanza);
  }

  /** Gives the iq an id and waits for the answer of whom it is addressed to; 30 s unless given. */
  async request(iq: Element, options: { readonly timeoutMs?: number } = {}): Promise<RequestResult> {
    if (this.#state.kind !== "live") return { ok: false, error: { kind: "lost" } };
    return this.#state.session.request(iq, options.timeoutMs);
  }

  /** Ask the server how far it is. The answer calls `onAcknowledged` and moves `lastByteAt`. */
  requestAck(): void {
    if (this.#state.kind === "live") this.#state.session.requestAck();
  }

  /** Whether anybody is looking (XEP-0352): a server then holds back what can wait. Said only where it is offered. */
  setActive(active: boolean): void {
    if (this.#state.kind !== "live" || !this.#state.clientState) return;
    this.#state.stream.send(xml(active ? "active" : "inactive", { xmlns: NS_CLIENT_STATE }));
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

  #lost(failure: Failure): void {
    if (this.#state.kind !== "live") return;
    this.#state = { kind: "over" };
    // The server has ended this one for good, or what it sent cannot be read: again would be the same again.
    if (ENDED.has(failure.kind)) this.#settings.memory.forget();
    // Before `open` has settled its answer says it.
    if (!this.#opened) return;
    this.#host.onClosed(failure);
  }
}

/** After these there is nothing to go on with (XEP-0198 §5). */
const ENDED: ReadonlySet<Failure["kind"]> = new Set(["server-error", "stream-replaced"]);

type Reached = Authenticated & { readonly stream: Stream };

/** The first endpoint that can be reached decides: a server that refused a password is not asked at another door. */
async function reach(
  settings: LinkSettings,
  credentials: Credentials,
  signal: AbortSignal,
  progress: LinkHost["onState"],
  saved?: SavedStream,
): Promise<Result<Reached>> {
  progress("resolving");
  const domain = settings.account.slice(settings.account.indexOf("@") + 1);
  const endpoints = await discover(domain, settings);
  if (!endpoints.ok) return endpoints;
  const failures: Failure[] = [];
  for (const endpoint of firstWhere(endpoints.value, saved)) {
    if (signal.aborted) break;
    progress("dialing");
    const result = await enter(endpoint, settings, credentials, signal, progress);
    if (result.ok || !ELSEWHERE.has(result.error.kind)) return result;
    failures.push(result.error);
  }
  return { ok: false, error: signal.aborted ? aborted(signal) : mostTelling(failures) };
}

/** Only the host that has the stream can go on with it, so that one is asked first (XEP-0198 §5). */
function firstWhere(endpoints: readonly Endpoint[], saved: SavedStream | undefined): readonly Endpoint[] {
  return endpoints.toSorted((a, b) => Number(b.uri === saved?.endpoint) - Number(a.uri === saved?.endpoint));
}

/** Failures that say nothing about the account: the next endpoint may do. */
const ELSEWHERE: ReadonlySet<Failure["kind"]> = new Set([
  "refused",
  "timed-out",
  "bad-certificate",
  "no-encryption",
  "not-xmpp",
  "connection-lost",
]);

async function enter(
  endpoint: Endpoint,
  settings: LinkSettings,
  credentials: Credentials,
  signal: AbortSignal,
  progress: LinkHost["onState"],
): Promise<Result<Reached>> {
  const stepTimeoutMs = settings.stepTimeoutMs ?? STEP_TIMEOUT_MS;
  const stream = new Stream({ endpoint, account: settings.account, stepTimeoutMs, probes });
  const stop = endWith(signal, stream);
  try {
    const dialled = await stream.dial();
    if (!dialled.ok) return dialled;
    const proof = await signIn(stream, settings.account, credentials, progress);
    if (proof.ok) return { ok: true, value: { ...proof.value, stream } };
    await stream.close();
    return proof;
  } finally {
    stop();
  }
}

/** An abort ends the stream, which ends every step that waits for it. Returns how to stop that. */
function endWith(signal: AbortSignal, stream: Stream): () => void {
  const end = (): void => {
    stream.fail(aborted(signal));
  };
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  return () => signal.removeEventListener("abort", end);
}

function aborted(signal: AbortSignal): Failure {
  const late = signal.reason instanceof Error && signal.reason.name === "TimeoutError";
  return { kind: late ? "timed-out" : "connection-lost" };
}

async function limited(session: Session, stream: Stream, limitMs: number = STEP_TIMEOUT_MS): Promise<void> {
  const timer = setTimeout(() => stream.fail({ kind: "timed-out", detail: "stream management" }), limitMs);
  await session.enableManagement();
  clearTimeout(timer);
}

function signedIn({ keys, mechanism, stream }: Reached): SignedIn {
  return { keys, mechanism, endpoint: stream.endpoint.uri };
}
