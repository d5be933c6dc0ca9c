/** From an account's domain to a stream that is signed in: every endpoint in turn, until one can be reached. */
import type { Failure, Result } from "../../worker/contract/failures.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { isPublicHost } from "../../worker/network/resolver.ts";
import { discover, type Discovered } from "./discovery/discover.ts";
import type { Endpoint } from "./discovery/endpoint.ts";
import type { Credentials } from "./sasl/credentials.ts";
import { mostTelling } from "./failures.ts";
import { allowedLocation } from "./discovery/location.ts";
import { probes } from "./probes.ts";
import type { SavedStream } from "./management/resume.ts";
import type { LinkSettings } from "./settings.ts";
import { STEP_TIMEOUT_MS, Stream } from "./stream.ts";
import { tryInTurn } from "./turns.ts";

export type ReachProgress = (state: "resolving" | "dialing") => void;
export type Enter<T> = (stream: Stream, credentials: Credentials) => Promise<Result<T>>;
export type Reached<T> = { readonly stream: Stream; readonly outcome: T };

/** For one of up to eight endpoints: all of them have their turn within `OPEN_TIMEOUT_MS`. */
const DIAL_TIMEOUT_MS = 5_000;

/** The first endpoint that can be reached decides: a server that refused a password is not asked at another endpoint. */
export async function reach<T>(
  settings: LinkSettings,
  credentials: Credentials,
  signal: AbortSignal,
  progress: ReachProgress,
  enter: Enter<T>,
  saved?: SavedStream,
): Promise<Result<Reached<T>>> {
  progress("resolving");
  const domain = domainOf(settings.account);
  const discovered = await discover(domain, settings);
  if (!discovered.ok) return discovered;
  const { fixed, otherwise } = discovered.value;
  const ordered = await inOrder(discovered.value, settings, saved);
  let reached = false;
  const { answer, failures } = await tryInTurn(ordered, credentials, async (endpoint, tried) => {
    if (signal.aborted) return undefined;
    progress("dialing");
    const at = await enterAt(endpoint, fixed, settings, signal, (stream) => enter(stream, tried));
    const told = fixed || at.greeted;
    reached ||= told;
    // Whoever has a domain could lead us to any port: whether something listens there is nothing they should learn (S10).
    if (!at.result.ok && !told) return { ok: false, error: { kind: "refused", detail: domain } };
    return { ...at.result, elsewhere: at.refused };
  });
  if (answer) return answer;
  if (signal.aborted) return { ok: false, error: aborted(signal) };
  const kept = credentials.kind !== "person";
  // What nobody vouches for is told to whoever signs in; an account that was in before tries again.
  if (!reached) return { ok: false, error: (!kept && otherwise) || { kind: "refused", detail: domain } };
  const error = mostTelling(failures, kept);
  // No endpoint takes the token any more: the password is needed again.
  const over = credentials.kind === "fast" && error.kind === "no-mechanism";
  return { ok: false, error: over ? { kind: "keys-unfit", detail: "no tokens" } : error };
}

/**
 * Only the host that has the stream can go on with it, so that one is asked first: where the server wants to be asked
 * (XEP-0198 §3 `location`), else where the stream was opened.
 */
async function inOrder(
  { endpoints, fixed }: Discovered,
  { account, ports, resolver }: LinkSettings,
  saved: SavedStream | undefined,
): Promise<readonly Endpoint[]> {
  if (!saved) return endpoints;
  // Where the deployment fixes the endpoint, nothing else is dialled.
  const wanted = allowedLocation(saved.location, fixed ? undefined : domainOf(account), endpoints, ports);
  const before = endpoints.toSorted((a, b) => Number(b.uri === saved.endpoint) - Number(a.uri === saved.endpoint));
  if (!wanted) return before;
  const known = endpoints.includes(wanted) || (await isPublicHost(wanted.hostname, resolver));
  return known ? [wanted, ...before.filter(({ uri }) => uri !== wanted.uri)] : before;
}

async function enterAt<T>(
  endpoint: Endpoint,
  fixed: boolean,
  settings: LinkSettings,
  signal: AbortSignal,
  enter: (stream: Stream) => Promise<Result<T>>,
): Promise<{ readonly result: Result<Reached<T>>; readonly greeted: boolean; readonly refused: boolean }> {
  const stepTimeoutMs = settings.stepTimeoutMs ?? STEP_TIMEOUT_MS;
  const looks = fixed ? { probes } : { dialTimeoutMs: Math.min(DIAL_TIMEOUT_MS, stepTimeoutMs) };
  const stream = new Stream({ endpoint, account: settings.account, stepTimeoutMs, ...looks });
  const stop = endWith(signal, stream);
  try {
    const dialled = await stream.dial();
    if (!dialled.ok) return { result: dialled, greeted: false, refused: false };
    const outcome = await enter(stream);
    const { greeted } = stream;
    if (outcome.ok) return { result: { ok: true, value: { stream, outcome: outcome.value } }, greeted, refused: false };
    await stream.close();
    // A stream error of this server: another one of the domain, or another way to it, may do. Prosody ends a WebSocket so
    // over which it offers nothing.
    return { result: outcome, greeted, refused: outcome.error.kind === "server-error" && stream.refused };
  } finally {
    stop();
  }
}

/** An abort ends the stream, which ends every step that waits for it. Returns how to stop that. */
export function endWith(signal: AbortSignal, stream: Stream): () => void {
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
