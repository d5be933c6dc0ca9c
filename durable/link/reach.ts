/** From an account's domain to a stream that is signed in: every endpoint in turn, until one can be reached. */
import type { Failure, Result } from "../../worker/contract.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { discover } from "./discovery/discover.ts";
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
  const endpoints = await discover(domain, settings);
  if (!endpoints.ok) return endpoints;
  // Where the deployment fixes the endpoint, nothing else is dialled.
  const fixed = settings.endpoints[domain] !== undefined;
  const ordered = firstWhere(endpoints.value, fixed ? undefined : domain, saved);
  const { answer, failures } = await tryInTurn(ordered, credentials, async (endpoint, tried) => {
    if (signal.aborted) return undefined;
    progress("dialing");
    return enterAt(endpoint, settings, signal, (stream) => enter(stream, tried));
  });
  if (answer) return answer;
  if (signal.aborted) return { ok: false, error: aborted(signal) };
  const error = mostTelling(failures);
  // No endpoint takes the token any more: the password is needed again.
  const over = credentials.kind === "fast" && error.kind === "no-mechanism";
  return { ok: false, error: over ? { kind: "keys-unfit", detail: "no tokens" } : error };
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
