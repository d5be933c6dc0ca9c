/** The way of a file between this browser and the Worker (`worker/contract/media.ts`). */
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import { FILE_ROUTES, type FileRefusal, type FileWanted, TICKET_HEADER } from "../../../worker/contract/media.ts";
import type { BrowserId } from "../../../worker/contract/names.ts";
import { BROWSER_HEADER, PROOF_HEADER } from "../../../worker/contract/routes.ts";
import { proofFor } from "../object/browser-key.ts";
import { learnObjectTime } from "../object/object-clock.ts";

/** Nothing has come for so long: it will not. */
const STILL_MS = 60_000;
const NOT_SIGNED_IN_STATUS = 401;

/** Refusals of this side: another tag than the key's; more than was asked for; the page went before all bytes were kept. */
export type FileFailure = FileRefusal | "damaged" | "large" | "not-kept";

export function fileFailure(detail: FileFailure): Failure {
  return { kind: "file", detail };
}

/** A body that is on its way, or why there is none. Throws where `signal` has ended it. */
export function getFile(browser: BrowserId, wanted: FileWanted, signal: AbortSignal): Promise<Response | Failure> {
  return askSigned(browser, FILE_ROUTES.get, wanted, signal);
}

/** What a route beside the calls answers, signed as a call is: a success whose body is still to be read, or why not. */
export async function askSigned(
  browser: BrowserId,
  route: string,
  wanted: unknown,
  signal: AbortSignal,
): Promise<Response | Failure> {
  const askedAt = Date.now();
  const answer = await ask(browser, route, wanted, signal);
  if (answer instanceof Response || answer.kind !== "not-proven") return answer;
  learnObjectTime(Number(answer.detail), askedAt);
  const again = await ask(browser, route, wanted, signal);
  return !(again instanceof Response) && again.kind === "not-proven" ? { kind: "not-signed-in" } : again;
}

async function ask(
  browser: BrowserId,
  route: string,
  wanted: unknown,
  signal: AbortSignal,
): Promise<Response | Failure> {
  const body = JSON.stringify(wanted);
  const proof = await proofFor(browser, `POST ${route}`, body);
  const headers = {
    "content-type": "application/json",
    [BROWSER_HEADER]: browser,
    ...(proof !== undefined && { [PROOF_HEADER]: proof }),
  };
  let response: Response;
  try {
    response = await fetch(route, { method: "POST", credentials: "same-origin", headers, body, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TypeError) return { kind: "offline" };
    throw error;
  }
  // A proxy's own page is neither.
  const type = route === FILE_ROUTES.get ? "application/octet-stream" : "application/json";
  const isAnswer = response.ok && response.headers.get("content-type")?.startsWith(type) === true;
  return isAnswer ? response : failureIn(await response.text(), response.status);
}

function failureIn(text: string, status: number): Failure {
  try {
    const result = JSON.parse(text) as Result<unknown>;
    if (!result.ok) return result.error;
  } catch {
    // A proxy's error page, or a body that was cut off.
  }
  return { kind: status === NOT_SIGNED_IN_STATUS ? "not-signed-in" : "offline" };
}

/** The pieces of a body as they come. @throws a `Failure` where it stands still or ends too early */
export async function* piecesOf(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const said = Number(response.headers.get("content-length") ?? Number.NaN);
  const reader = response.body?.getReader();
  let came = 0;
  try {
    for (;;) {
      const next = reader && (await inTime(reader.read()));
      if (next?.value === undefined) break;
      came += next.value.length;
      yield next.value as Uint8Array<ArrayBuffer>;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw isFailure(error) ? error : fileFailure("cut");
  } finally {
    if (reader !== undefined) await reader.cancel().catch(() => undefined);
  }
  if (Number.isFinite(said) && came < said) throw fileFailure("cut");
}

async function inTime<T>(coming: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const still = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fileFailure("slow")), STILL_MS);
  });
  try {
    return await Promise.race([coming, still]);
  } finally {
    clearTimeout(timer);
  }
}

export function isFailure(error: unknown): error is Failure {
  return typeof error === "object" && error !== null && "kind" in error && !(error instanceof Error);
}

/**
 * Puts bytes into a slot. `fetch` tells nobody how far it is, so this is the older request. Throws where `signal` has ended it.
 *
 * @param told bytes that have left
 */
export function putBytes(
  { ticket, browser, bytes }: { readonly ticket: string; readonly browser: BrowserId; readonly bytes: Blob },
  signal: AbortSignal,
  told: (done: number) => void,
): Promise<Failure | undefined> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const end = () => request.abort();
    request.open("PUT", FILE_ROUTES.put);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader(TICKET_HEADER, ticket);
    request.setRequestHeader(BROWSER_HEADER, browser);
    request.upload.addEventListener("progress", ({ loaded }) => told(loaded));
    request.addEventListener("load", () =>
      resolve(request.status === 200 ? undefined : failureIn(request.responseText, request.status)),
    );
    // Also what the browser could not read any more: the file has changed or is gone.
    request.addEventListener("error", () => resolve({ kind: "offline" }));
    request.addEventListener("abort", () => reject(signal.reason));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", end));
    signal.addEventListener("abort", end);
    if (signal.aborted) reject(signal.reason);
    else request.send(bytes);
  });
}
