/**
 * A file on its way, to or from an address that others named. Nothing of it is kept or looked at: bodies are handed to the
 * runtime as they come, so a file of any size takes no memory and next to no time of ours.
 */
import { FILE_LIMITS, type FileRefusal } from "./contract/media.ts";
import { type FileReach, fileAddress, leadsToPublic } from "./network/file-address.ts";
import type { FileTicket } from "./shared/file-ticket.ts";

type Fetch = (url: string, init: RequestInit) => Promise<Response>;
type Reached = FileReach & { readonly ask: Fetch };

/** For an answer to begin, and for all of a file. */
const ANSWER_MS = 30_000;
const WHOLE_MS = 60 * 60_000;
const MOST_REDIRECTS = 2;
/** RFC 9110 §15: what moves, and what says no. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const OK = 200;
const PARTIAL = 206;

/**
 * What came of an upload; undefined: the server has it. `body` that is longer or shorter than the ticket says never becomes
 * a file there.
 */
export async function upload(
  ticket: Omit<FileTicket, "browser" | "until">,
  body: ReadableStream,
  { ask, ...reach }: Reached,
): Promise<FileRefusal | undefined> {
  const trusted = ticket.trusted ? [new URL(ticket.url).origin] : [];
  const at = fileAddress(ticket.url, { ...reach, trusted });
  if (at === undefined || !(await leadsToPublic(at, { ...reach, trusted }))) return refused(body, "address");
  // Announces its size, and fails where fewer or more bytes come.
  const { readable, writable } = new FixedLengthStream(ticket.size);
  const end = new AbortController();
  const pumped = body.pipeTo(writable, { signal: end.signal }).catch(() => undefined);
  try {
    const response = await ask(at.href, {
      method: "PUT",
      body: readable,
      headers: [
        ["content-type", ticket.type],
        ...ticket.headers.map(([name, value]): [string, string] => [name, value]),
      ],
      redirect: "manual",
      signal: AbortSignal.timeout(WHOLE_MS),
    });
    await response.body?.cancel();
    return refusalOfUpload(response.status);
  } catch (error) {
    // The runtime has the same words for a connection that broke and for one that never stood.
    return isTimeout(error) ? "slow" : "cut";
  } finally {
    // A server that answers early wants no more of it.
    end.abort();
    await pumped;
  }
}

export type Download = {
  readonly status: typeof OK | typeof PARTIAL;
  readonly body: ReadableStream | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where the server does not say. */
  readonly length: number | undefined;
};

/** `range`: as a browser asks for a part (RFC 9110 §14.2). The text is why it does not come. */
export async function download(
  link: string,
  { range, ask, ...reach }: Reached & { readonly range?: string },
): Promise<Download | FileRefusal> {
  let at = fileAddress(link, reach);
  for (let redirects = 0; at !== undefined && redirects <= MOST_REDIRECTS; redirects += 1) {
    if (!(await leadsToPublic(at, reach))) return "address";
    const response = await askWithin(ask, at.href, range);
    if (typeof response === "string") return response;
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null) return taken(response, range);
    await response.body?.cancel();
    at = fileAddress(location, reach, at);
  }
  return "address";
}

/** Nothing of the browser's or of ours goes along: no cookie, no name, no language. */
async function askWithin(ask: Fetch, url: string, range: string | undefined): Promise<Response | FileRefusal> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_MS);
  const signal = AbortSignal.any([late.signal, AbortSignal.timeout(WHOLE_MS)]);
  // As it lies there: a length that is true, and nothing that grows when it is unpacked.
  const headers = { "accept-encoding": "identity", ...(range !== undefined && { range }) };
  try {
    return await ask(url, { redirect: "manual", signal, headers });
  } catch (error) {
    return late.signal.aborted || isTimeout(error) ? "slow" : "unreachable";
  } finally {
    clearTimeout(timer);
  }
}

async function taken(response: Response, range: string | undefined): Promise<Download | FileRefusal> {
  const { status, headers, body } = response;
  const refusal = refusalOfDownload(status) ?? (isPlain(headers) ? undefined : "refused");
  const told = headers.get("content-length");
  const length = told !== null && /^[0-9]{1,15}$/.test(told) ? Number(told) : undefined;
  const large = (length ?? 0) > FILE_LIMITS.mostBytesDown ? "too-large" : undefined;
  const part = headers.get("content-range");
  // A part that nobody asked for, or one that does not say which.
  const odd = status === PARTIAL && (range === undefined || !isContentRange(part)) ? "refused" : undefined;
  const why = refusal ?? large ?? odd;
  if (why !== undefined) {
    await body?.cancel();
    return why;
  }
  return {
    status: status === PARTIAL ? PARTIAL : OK,
    length,
    body: length === undefined && body !== null ? body.pipeThrough(atMost(FILE_LIMITS.mostBytesDown)) : body,
    headers: {
      ...(length !== undefined && { "content-length": `${length}` }),
      ...(status === PARTIAL && part !== null && { "content-range": part }),
      ...(headers.get("accept-ranges") === "bytes" && { "accept-ranges": "bytes" }),
    },
  };
}

/** Of a server that does not say how much comes: the only bytes that are counted by hand. */
function atMost(most: number): TransformStream<Uint8Array, Uint8Array> {
  let passed = 0;
  return new TransformStream({
    transform(chunk, controller) {
      passed += chunk.byteLength;
      if (passed > most) controller.error(new Error("too large"));
      else controller.enqueue(chunk);
    },
  });
}

function isPlain(headers: Headers): boolean {
  const encoding = headers.get("content-encoding");
  return encoding === null || encoding === "identity";
}

function isContentRange(text: string | null): boolean {
  return text !== null && /^bytes [0-9]{1,15}-[0-9]{1,15}\/(?:[0-9]{1,15}|\*)$/.test(text);
}

function refusalOfUpload(status: number): FileRefusal | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 413) return "too-large";
  if (status === 507) return "server-quota";
  return status >= 500 ? "unreachable" : "refused";
}

function refusalOfDownload(status: number): FileRefusal | undefined {
  if (status === OK || status === PARTIAL) return undefined;
  if (status === 404 || status === 410) return "gone";
  if (status === 416) return "range";
  return status >= 500 ? "unreachable" : "refused";
}

function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) throw error;
  return error.name === "TimeoutError";
}

/** What nobody will read. */
async function refused(body: ReadableStream, why: FileRefusal): Promise<FileRefusal> {
  await body.cancel();
  return why;
}
