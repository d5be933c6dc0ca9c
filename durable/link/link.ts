/**
 * The link: one XMPP connection of one account, from a domain name to a bound stream under management. One `Link` is
 * one connection; when it has ended, the next try is another `Link`.
 */
import { type Element, xml } from "@xmpp/xml";
import type { BareJid, Failure, Result } from "../../worker/contract.ts";
import { drop } from "../drop.ts";
import { discover, type Resolver } from "./discover.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Credentials, Keys, Mechanism } from "./exchange.ts";
import type { FastToken } from "./fast.ts";
import { allowedLocation } from "./location.ts";
import { mostTelling } from "./failures.ts";
import type { RequestResult } from "./iq.ts";
import { NS_CLIENT_STATE } from "./namespaces.ts";
import { type Negotiated, negotiate, signIn } from "./negotiate.ts";
import { probes } from "./probes.ts";
import { arrivedOf, MODULUS, returnOf, type SavedStream, type StreamMemory } from "./resume.ts";
import { Session } from "./session.ts";
import { STEP_TIMEOUT_MS, Stream } from "./stream.ts";

export type { Credentials, Keys } from "./exchange.ts";
export type { RequestError, RequestResult, StanzaError } from "./iq.ts";

export type SignedIn = {
  /** A token where the server gives one, else what SCRAM needs; undefined after PLAIN without a token. */
  readonly keys: Keys | undefined;
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
  /**
   * A stanza over a limit was stepped over: its tags that say where it belongs (`guard.ts`). `broken`: no parser takes
   * it, so the stream ends after this; it is not counted. Synchronous as `onStanza`.
   */
  onUnreadable(outline: Element, broken: boolean): void;
  /** The `id`s of stanzas that the server has taken over; `store` belongs into the turn that settles them. */
  onAcknowledged(ids: readonly string[], store: () => void): void;
  /** After `open` succeeded: the stream ended for this reason. Called once, and not for an own `close`. */
  onClosed(failure: Failure): void;
}

export type LinkSettings = {
  readonly account: BareJid;
  readonly resource: string;
  /** A UUID of version 4 that stays the same for the account (XEP-0388); tokens belong to it. */
  readonly userAgent: string;
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
  return exchangeOnly(settings, credentials, false, signal);
}

/** Makes the server forget a token: a sign-in that is the token's last. */
export async function invalidateToken(
  settings: LinkSettings,
  token: FastToken,
  signal: AbortSignal,
): Promise<Result<SignedIn>> {
  return exchangeOnly(settings, token, true, signal);
}

async function exchangeOnly(
  settings: LinkSettings,
  credentials: Credentials,
  invalidate: boolean,
  signal: AbortSignal,
): Promise<Result<SignedIn>> {
  const { account, userAgent } = settings;
  const reached = await reach(settings, credentials, signal, NOBODY, (stream) =>
    signIn(stream, account, credentials, { userAgent, invalidate }, NOBODY),
  );
  if (!reached.ok) return reached;
  // The proof is complete; how the server says goodbye changes nothing about it.
  drop(reached.value.stream.close());
  return { ok: true, value: signedIn(reached.value.stream, reached.value.outcome) };
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
    const enter = (stream: Stream) => negotiate(stream, account, credentials, wish, progress);
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

  /** The session over the stream. What has arrived behind the sign-in waits until everything is in its place. */
  async #begin(stream: Stream, outcome: Negotiated, saved: SavedStream | undefined): Promise<void> {
    const { account, memory, stepTimeoutMs } = this.#settings;
    const session = new Session(stream, this.#host, account, {
      memory,
      full: outcome.jid,
      endpoint: stream.endpoint.uri,
    });
    stream.onEnd = (failure) => {
      session.end();
      this.#lost(failure);
    };
    if (stream.failure) return;
    if (outcome.kind === "resumed") {
      const back = saved && returnOf(saved, outcome.acknowledged);
      if (!back) {
        // It goes on with something that never was: nothing of it may be believed (CVE-2018-10847).
        memory.forget();
        stream.fail({ kind: "server-not-proven", detail: "resumption" });
        return;
      }
      // Whether anybody is looking is not remembered by the server; one that never heard of it ignores the word.
      this.#state = { kind: "live", stream, session, clientState: true };
      this.#host.onStream(true);
      session.resume(back);
      session.listen();
      return;
    }
    this.#state = { kind: "live", stream, session, clientState: outcome.clientState };
    const arrived = saved && outcome.notResumed ? arrivedOf(saved, outcome.notResumed.acknowledged) : [];
    const ids = arrived.flatMap(({ id }) => id ?? []);
    if (ids.length > 0) this.#host.onAcknowledged(ids, () => undefined);
    memory.forget();
    if (outcome.management.kind === "enabled") session.adopt(outcome.management.resumption);
    this.#host.onStream(false);
    session.listen();
    if (outcome.management.kind === "offered") await limited(session, stream, stepTimeoutMs);
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
    if (this.#opened) this.#host.onClosed(failure);
  }
}

/** After these there is nothing to go on with (XEP-0198 §5). */
const ENDED: ReadonlySet<Failure["kind"]> = new Set(["server-error", "stream-replaced"]);

type Reached<T> = { readonly stream: Stream; readonly outcome: T };

const NOBODY = (): undefined => undefined;

/** The first endpoint that can be reached decides: a server that refused a password is not asked at another door. */
async function reach<T>(
  settings: LinkSettings,
  credentials: Credentials,
  signal: AbortSignal,
  progress: LinkHost["onState"],
  enter: (stream: Stream) => Promise<Result<T>>,
  saved?: SavedStream,
): Promise<Result<Reached<T>>> {
  progress("resolving");
  const domain = settings.account.slice(settings.account.indexOf("@") + 1);
  const endpoints = await discover(domain, settings);
  if (!endpoints.ok) return endpoints;
  // Where the deployment fixes the endpoint, nothing else is dialled.
  const fixed = settings.endpoints[domain] !== undefined;
  const failures: Failure[] = [];
  for (const endpoint of firstWhere(endpoints.value, fixed ? undefined : domain, saved)) {
    if (signal.aborted) break;
    progress("dialing");
    const result = await enterAt(endpoint, settings, signal, enter);
    if (result.ok || !saysNothing(result.error, credentials)) return result;
    failures.push(result.error);
  }
  if (signal.aborted) return { ok: false, error: aborted(signal) };
  const error = mostTelling(failures);
  // No door takes the token any more: the password is needed again.
  const over = credentials.kind === "fast" && error.kind === "no-mechanism";
  return { ok: false, error: over ? { kind: "wrong-password", detail: "no tokens" } : error };
}

/**
 * Only the host that has the stream can go on with it, so that one is asked first: where the server wants to be asked
 * (XEP-0198 §3 `location`), else where the stream was opened.
 */
function firstWhere(
  endpoints: readonly Endpoint[],
  domain: string | undefined,
  saved: SavedStream | undefined,
): readonly Endpoint[] {
  if (!saved) return endpoints;
  const wanted = allowedLocation(saved.location, domain, endpoints);
  const before = endpoints.toSorted((a, b) => Number(b.uri === saved.endpoint) - Number(a.uri === saved.endpoint));
  return wanted ? [wanted, ...before.filter(({ uri }) => uri !== wanted.uri)] : before;
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

/** Some servers take tokens over TCP only (ejabberd). */
function saysNothing(failure: Failure, credentials: Credentials): boolean {
  return ELSEWHERE.has(failure.kind) || (credentials.kind === "fast" && failure.kind === "no-mechanism");
}

async function enterAt<T>(
  endpoint: Endpoint,
  settings: LinkSettings,
  signal: AbortSignal,
  enter: (stream: Stream) => Promise<Result<T>>,
): Promise<Result<Reached<T>>> {
  const stepTimeoutMs = settings.stepTimeoutMs ?? STEP_TIMEOUT_MS;
  const stream = new Stream({ endpoint, account: settings.account, stepTimeoutMs, probes });
  const stop = endWith(signal, stream);
  try {
    const dialled = await stream.dial();
    if (!dialled.ok) return dialled;
    const outcome = await enter(stream);
    if (outcome.ok) return { ok: true, value: { stream, outcome: outcome.value } };
    await stream.close();
    return outcome;
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

function signedIn(
  stream: Stream,
  { keys, mechanism }: { readonly keys: Keys | undefined; readonly mechanism: Mechanism },
): SignedIn {
  return { keys, mechanism, endpoint: stream.endpoint.uri };
}
