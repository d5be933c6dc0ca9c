/**
 * Fetches a page and its picture for one who is about to send the link: without a cookie, a name, a language or where it is
 * asked from, never more than may be shown of it.
 */
import { type LinkPreview, PREVIEW_LIMITS, type PreviewRefusal } from "../contract/preview.ts";
import { toBase64 } from "../shared/base64.ts";
import { toHex } from "../shared/hex.ts";
import { leadsToPublicPage, pageAddress, type PageReach } from "./page-address.ts";
import { pageText } from "./page-text.ts";
import { saidByPage } from "./said-by-page.ts";

type Fetch = (url: string, init: RequestInit) => Promise<Response>;
/** `ms`: for a page, and for its picture, other than `PREVIEW_LIMITS` says. */
export type Reached = PageReach & { readonly ask: Fetch; readonly ms?: number };
/** `bytes`: what has come from others because of it. */
export type Fetched = { readonly made: LinkPreview | PreviewRefusal; readonly bytes: number };

/** Who asks, for those who count or refuse such; whose link it is it does not say. */
const USER_AGENT = "Alcove-link-preview/1";
const PAGE_TYPES = "text/html, application/xhtml+xml";
const PICTURE_TYPES = "image/png, image/jpeg, image/webp, image/gif";
/** RFC 9110 §15: what moves. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** By their first bytes alone, in hex: what they are called is nothing. Never SVG. */
const PICTURES = /^(?:89504e470d0a1a0a|ffd8ff|474946383[79]61|52494646.{8}57454250)/;
const FIRST_BYTES = 12;

type Wanted = { readonly accept: string; readonly most: number; readonly ms: number };
/** `whole`: it ended before there were too many bytes. */
type Came = { readonly at: URL; readonly headers: Headers; readonly bytes: Uint8Array; readonly whole: boolean };

/** What may be shown of the page behind a link, or why there is nothing. */
export async function makePreview(link: string, reach: Reached): Promise<Fetched> {
  const page = await fetched(link, reach, {
    accept: PAGE_TYPES,
    most: PREVIEW_LIMITS.pageBytes,
    ms: reach.ms ?? PREVIEW_LIMITS.pageMs,
  });
  if (typeof page === "string") return { made: page, bytes: 0 };
  const bytes = page.bytes.length;
  const type = page.headers.get("content-type") ?? undefined;
  if (!isPage(type)) return { made: "nothing", bytes };
  const { picture: place, ...said } = saidByPage(pageText(page.bytes, type));
  if (said.title === undefined && said.description === undefined) return { made: "nothing", bytes };
  const picture = place === undefined ? undefined : await pictureAt(place, page.at, reach);
  if (picture === undefined) return { made: said, bytes };
  const shown = picture.whole && isPicture(picture.bytes) ? { picture: toBase64(picture.bytes) } : {};
  return { made: { ...said, ...shown }, bytes: bytes + picture.bytes.length };
}

async function pictureAt(link: string, page: URL, reach: Reached): Promise<Came | undefined> {
  const url = URL.parse(link, page.href);
  if (url?.protocol !== "https:" && url?.protocol !== "http:") return undefined;
  const { pictureBytes: most, pictureMs } = PREVIEW_LIMITS;
  const came = await fetched(url.href, reach, { accept: PICTURE_TYPES, most, ms: reach.ms ?? pictureMs });
  return typeof came === "string" ? undefined : came;
}

/** Within its time, DNS, redirects and body included; every place that it is sent to is looked at as the first. */
async function fetched(link: string, reach: Reached, { accept, most, ms }: Wanted): Promise<Came | PreviewRefusal> {
  const signal = AbortSignal.timeout(ms);
  let at = pageAddress(link, reach.own);
  try {
    for (let redirects = 0; at !== undefined && redirects <= PREVIEW_LIMITS.redirects; redirects += 1) {
      if (!(await before(signal, leadsToPublicPage(at, reach)))) return "address";
      const response = await reach.ask(at.href, {
        redirect: "manual",
        signal,
        headers: { accept, "accept-encoding": "identity", "user-agent": USER_AGENT },
      });
      const location = response.headers.get("location");
      if (REDIRECTS.has(response.status) && location !== null) {
        await response.body?.cancel();
        at = pageAddress(location, reach.own, at);
        continue;
      }
      const refusal = refusalOf(response.status);
      if (refusal === undefined)
        return { at, headers: response.headers, ...(await beginningOf(response, most, signal)) };
      await response.body?.cancel();
      return refusal;
    }
    return "address";
  } catch (error) {
    if (signal.aborted) return "slow";
    if (error instanceof Error) return "unreachable";
    throw error;
  }
}

/** At most so many bytes; what comes behind them is not waited for. A body that grows when it is unpacked ends as any other. */
async function beginningOf(
  response: Response,
  most: number,
  signal: AbortSignal,
): Promise<Pick<Came, "bytes" | "whole">> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    while (reader !== undefined && size <= most) {
      const next = await before(signal, reader.read());
      if (next.done) break;
      parts.push(next.value as Uint8Array);
      size += next.value.length;
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
  const bytes = new Uint8Array(size);
  for (let [at, index] = [0, 0]; index < parts.length; index += 1) {
    const part = parts[index] as Uint8Array;
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes: bytes.subarray(0, most), whole: size <= most };
}

/** Not every wait hears of a signal. @throws when it has ended */
async function before<T>(signal: AbortSignal, coming: Promise<T>): Promise<T> {
  let end: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    end = () => reject(signal.reason as Error);
  });
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  try {
    return await Promise.race([coming, late]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function refusalOf(status: number): PreviewRefusal | undefined {
  if (status === 200) return undefined;
  if (status === 404 || status === 410) return "gone";
  return status >= 500 ? "unreachable" : "refused";
}

function isPage(type: string | undefined): boolean {
  return type !== undefined && /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(type);
}

function isPicture(bytes: Uint8Array): boolean {
  return PICTURES.test(toHex(bytes.subarray(0, FIRST_BYTES)));
}
