/**
 * Files of an account that were fetched or sent here, as they travel: an encrypted one stays encrypted, its key is in the text of
 * its message. Those that nobody has looked at for longest go when all take more room than they may.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import { toHex } from "../../../worker/shared/hex.ts";
import type { FileStorage } from "../protocol/files.ts";

/** Of its caches, by account; `web/ui/page/pictures.ts` deletes them with the account. */
const PREFIX = "alcove-files-";
/** Of all, where the person has said nothing else; one file takes half of that at most. */
const ALL_BYTES = 256_000_000;
const SIZE = "x-size";
const USED = "x-used";
/** Where it stands how much the person lets them take. */
const MOST = "/most";
/** To note that a file was looked at is to write it anew, so it is noted once a day. */
const NOTED_MS = 24 * 60 * 60_000;

export interface KeptFiles {
  get(url: string): Promise<Blob | undefined>;
  /** So many bytes; `body` is asked for them where there is room. No stream: browsers gather all of one in memory. */
  put(url: string, size: number, body: () => Promise<Blob>): Promise<void>;
  usage(): Promise<FileStorage>;
  /** So many bytes from now on; what is over that goes. */
  limit(most: number): Promise<void>;
  empty(): Promise<void>;
}

/** Without a cache, as in some private windows, nothing is kept and everything is fetched. */
export async function keptFiles(account: BareJid): Promise<KeptFiles> {
  let cache: Cache | undefined;
  try {
    cache = await caches.open(PREFIX + account);
  } catch {
    // The browser keeps nothing.
  }
  return {
    get: (url) => read(cache, url),
    put: (url, size, body) => write(cache, url, size, body),
    usage: async () => {
      const kept = await listed(cache);
      return { bytes: sum(kept), files: kept.length, most: await mostOf(cache) };
    },
    limit: async (most) => {
      await cache?.put(MOST, new Response(`${most}`));
      if (cache !== undefined) await makeRoom(cache);
    },
    empty: async () => {
      for (const { request } of await listed(cache)) await cache?.delete(request);
    },
  };
}

async function mostOf(cache: Cache | undefined): Promise<number> {
  const said = Number((await (await cache?.match(MOST))?.text()) ?? ALL_BYTES);
  return Number.isSafeInteger(said) && said >= 0 ? said : ALL_BYTES;
}

async function read(cache: Cache | undefined, url: string): Promise<Blob | undefined> {
  try {
    const place = await placeOf(url);
    const kept = await cache?.match(place);
    if (kept === undefined) return undefined;
    const bytes = await kept.blob();
    if (Number(kept.headers.get(USED)) < Date.now() - NOTED_MS) await note(cache, place, bytes);
    return bytes;
  } catch {
    // What cannot be read any more is fetched.
    return undefined;
  }
}

async function note(cache: Cache | undefined, place: string, bytes: Blob): Promise<void> {
  try {
    await cache?.put(place, responseOf(bytes));
  } catch {
    // The disk is full: it counts as looked at when it was.
  }
}

async function write(cache: Cache | undefined, url: string, size: number, body: () => Promise<Blob>): Promise<void> {
  try {
    if (cache === undefined || size > (await mostOf(cache)) / 2) return;
    await cache.put(await placeOf(url), responseOf(await body()));
    await makeRoom(cache);
  } catch {
    // The disk is full, or what was to be read is gone: it is shown all the same, and fetched again next time.
  }
}

type Listed = { readonly request: Request; readonly size: number; readonly used: number };

async function listed(cache: Cache | undefined): Promise<readonly Listed[]> {
  const requests = (await cache?.keys()) ?? [];
  const all = await Promise.all(
    requests.map(async (request) => {
      const headers = (await cache?.match(request))?.headers;
      return { request, size: Number(headers?.get(SIZE) ?? -1), used: Number(headers?.get(USED)) };
    }),
  );
  return all.filter(({ size }) => size >= 0);
}

function sum(kept: readonly Listed[]): number {
  return kept.reduce((all, { size }) => all + size, 0);
}

async function makeRoom(cache: Cache): Promise<void> {
  const [kept, most] = [await listed(cache), await mostOf(cache)];
  let all = sum(kept);
  for (const { request, size } of kept.toSorted((a, b) => a.used - b.used)) {
    if (all <= most) return;
    await cache.delete(request);
    all -= size;
  }
}

function responseOf(bytes: Blob): Response {
  const headers = { "content-type": "application/octet-stream", [SIZE]: `${bytes.size}`, [USED]: `${Date.now()}` };
  return new Response(bytes, { headers });
}

/** The link is in no name here: it may be one that lets everybody in. */
async function placeOf(url: string): Promise<string> {
  return `/file/${toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(url))))}`;
}
