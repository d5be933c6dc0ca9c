/** The file of a message: out of what is kept here, or over the Worker; decrypted and looked at before anybody has any of it. */
import type { Failure } from "../../../worker/contract/failures.ts";
import { FILE_LIMITS } from "../../../worker/contract/media.ts";
import type { BareJid, BrowserId } from "../../../worker/contract/names.ts";
import { drop as leave } from "../../../worker/shared/drop.ts";
import { type FileKey, readFileKey } from "../../media/aesgcm.ts";
import type { FileWork, PageId, ShownFile } from "../protocol/files.ts";
import { knownAccount } from "../store/known-accounts.ts";
import { type KeptFiles, keptFiles } from "./kept-files.ts";
import { onDisk, type Sink } from "./on-disk.ts";
import { type Opened, openFile, piecesOfFile } from "./opening.ts";
import { lookAt } from "./pictures.ts";
import { dropOpened, type PageFolder, pageFolder } from "../store/private-disk.ts";
import { fileFailure, getFile, piecesOf } from "./road.ts";

type Shown = { readonly shown: ShownFile } | { readonly failure: Failure; readonly size: number };

/** `page`: which asks. */
export type Fetching = {
  readonly account: BareJid;
  readonly page: PageId;
  readonly signal: AbortSignal;
  readonly told: (done: number, total?: number) => void;
};

type Work = Extract<FileWork, { readonly kind: "show" }>;

/** @throws a `Failure`; what `signal` was ended with */
export async function show(work: Work, fetching: Fetching): Promise<Shown> {
  const { account, page } = fetching;
  let place: PageFolder | undefined;
  const sink = async () => {
    place ??= await pageFolder(account, page).catch(() => undefined);
    return onDisk(account, place?.folder);
  };
  let keep: (() => Promise<void>) | undefined;
  try {
    const found = await fetched(work, fetching, sink);
    ({ keep } = found);
    return found.answer;
  } finally {
    // Nobody waits for what is kept for another time.
    if (keep === undefined) place?.letGo();
    else leave(keep().finally(() => place?.letGo()));
  }
}

async function fetched(
  { source: { url, key: digits, message }, most }: Work,
  { account, page, signal, told }: Fetching,
  sink: () => Promise<Sink>,
): Promise<{ readonly answer: Shown; readonly keep?: () => Promise<void> }> {
  const files = await keptFiles(account);
  const key = digits === undefined ? undefined : readFileKey(digits);
  const look = (place: Place) => lookedAt(place, (opened) => dropOpened(account, page, opened));
  const kept = await files.get(url);
  if (kept !== undefined) {
    const known = await ofKept(kept, key, { sink, told: () => signal.throwIfAborted() });
    // Also where nobody waits any more: whoever has asked closes what was decrypted.
    if (known !== undefined) return { answer: { shown: await look(known) } };
    // It was written only in part: it is fetched again.
    signal.throwIfAborted();
  }
  if (message === undefined) throw fileFailure("not-named");
  const response = await getFile(await browserOf(account), { message, url }, signal);
  if (!(response instanceof Response)) throw response;
  const said = Number(response.headers.get("content-length") ?? Number.NaN);
  const limit = most ?? FILE_LIMITS.mostBytesDown;
  if (said > limit) {
    await response.body?.cancel();
    return { answer: { failure: fileFailure(most === undefined ? "too-large" : "large"), size: said } };
  }
  const size = Number.isFinite(said) ? said : undefined;
  const coming = { key, size, most: limit, sink, told: (done: number) => told(done, size) };
  const opened = await openFile(piecesOf(response, signal), coming);
  const shown = await look(opened);
  const keep = () => keptAsSealed(opened, files, url, (name) => dropOpened(account, page, name));
  return { answer: { shown }, keep };
}

/** What was made for it alone goes when it is kept, or not. */
async function keptAsSealed(
  { size, sealed, opened }: Opened,
  files: KeptFiles,
  url: string,
  close: (opened: string) => Promise<void>,
): Promise<void> {
  let made: string | undefined;
  await files.put(url, size, async () => {
    const gathered = await sealed();
    made = gathered.opened;
    return gathered.file;
  });
  if (made !== undefined && made !== opened) await close(made);
}

type Place = Pick<Opened, "plain" | "opened">;

async function ofKept(
  kept: Blob,
  key: FileKey | undefined,
  how: Pick<Parameters<typeof openFile>[1], "sink" | "told">,
): Promise<Place | undefined> {
  if (key === undefined) return { plain: kept };
  const size = { size: kept.size, most: Number.POSITIVE_INFINITY };
  return openFile(piecesOfFile(kept), { key, ...size, ...how }).catch(() => undefined);
}

async function lookedAt({ plain, opened }: Place, close: (opened: string) => Promise<void>): Promise<ShownFile> {
  try {
    return { ...(await lookAt(plain)), ...(opened !== undefined && { opened }) };
  } catch (error) {
    if (opened !== undefined) await close(opened);
    throw error;
  }
}

/** @throws a `Failure` where nobody is signed in */
export async function browserOf(account: BareJid): Promise<BrowserId> {
  const known = await knownAccount(account);
  if (known === undefined) throw { kind: "not-signed-in" } satisfies Failure;
  return known.browser;
}
