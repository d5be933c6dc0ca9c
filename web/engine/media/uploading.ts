/** One's own files on their way: kept as they travel (`kept-uploads.ts`), brought to the server, looked at meanwhile. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, BrowserId, ClientId } from "../../../worker/contract/names.ts";
import { report } from "../../../worker/shared/report.ts";
import { type FileKey, writeFileLink } from "../../media/aesgcm.ts";
import { type Bytes, randomBytes } from "../bytes.ts";
import { originRemote } from "../object/calls.ts";
import type { NewUpload, PutFile, ShownFile } from "../protocol/files.ts";
import { keptFiles } from "./kept-files.ts";
import { KeptUploads } from "./kept-uploads.ts";
import { decrypted, piecesToSend } from "./opening.ts";
import { lookAt } from "./pictures.ts";
import { whileWriting } from "../store/private-disk.ts";
import { fileFailure, putBytes } from "./road.ts";

const [KEY_BYTES, IV_BYTES] = [32, 12];
/** So much is copied within a moment. */
const QUICKLY_BYTES = 16 * 1024 * 1024;

/** What no database took - the disk is full, or the browser keeps nothing - is here as long as this worker. */
const inMemory = new Map<ClientId, Held>();

type Held = {
  readonly upload: Pick<NewUpload, "client" | "encrypted" | "ending" | "type" | "seen">;
  readonly bytes: Blob;
} & {
  readonly key?: FileKey;
  readonly put?: PutFile;
};

export async function begin(account: BareJid, upload: NewUpload): Promise<void> {
  if (upload.seen.size === 0) throw fileFailure("empty");
  try {
    await KeptUploads.with(account, (kept) => kept.begin(upload));
  } catch (error) {
    report("an upload could not be kept", error);
  }
}

/**
 * Encrypts it once for all. What was here of it before is replaced: a key is for one set of bytes. False: no disk has taken it, and
 * it is here as long as this worker.
 */
export async function keep(account: BareJid, upload: NewUpload, file: Blob, signal: AbortSignal): Promise<boolean> {
  if (file.size === 0) throw fileFailure("empty");
  const { client, encrypted } = upload;
  const key = encrypted ? { key: randomBytes(KEY_BYTES), iv: randomBytes(IV_BYTES) } : undefined;
  const pieces: Blob[] = [];
  let kept = true;
  await KeptUploads.with(account, async (uploads) => {
    await uploads.begin(upload);
    const bytes = await whileWriting(account, () => written(uploads, client, piecesToSend(file, key), signal));
    await uploads.change(client, { bytes, ...(key && { key }) });
  }).catch((error: unknown) => {
    if (signal.aborted || isOfTheFile(error)) throw error;
    report("a file could not be kept", error);
    kept = false;
  });
  if (kept) {
    inMemory.delete(client);
    return true;
  }
  // What the disk took of it is room that somebody needs; that it is on its way stays known.
  await KeptUploads.with(account, (uploads) => uploads.begin(upload)).catch(() => undefined);
  for await (const piece of piecesToSend(file, key)) pieces.push(new Blob([piece]));
  inMemory.set(client, { upload, bytes: new Blob(pieces), ...(key && { key }) });
  return false;
}

/** How many bytes there were. What was written of one that is stopped goes at once. */
async function written(
  uploads: KeptUploads,
  client: ClientId,
  pieces: AsyncIterable<Bytes>,
  signal: AbortSignal,
): Promise<number> {
  const file = await uploads.file(client);
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted();
      if (file === undefined) await uploads.add(client, bytes, new Blob([piece]));
      else file.write(piece);
      bytes += piece.length;
    }
    await file?.close();
    return bytes;
  } catch (error) {
    await file?.drop();
    throw error;
  }
}

/** Reading a file that was changed, moved away or locked since it was chosen (File API §7.1). */
export function isOfTheFile(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "NotFoundError" || error.name === "NotReadableError");
}

/** Once the server has it, that is known for good: it is not put there again. */
export async function put(
  account: BareJid,
  browser: BrowserId,
  client: ClientId,
  signal: AbortSignal,
  told: (done: number, total: number) => void,
): Promise<PutFile> {
  const { upload, bytes, key, put: before } = await heldOf(account, client);
  if (before !== undefined) return before;
  const { ending, type, seen } = upload;
  const wanted = { size: bytes.size, ...(ending && { ending }), ...(key === undefined && type && { type }) };
  const slot = await originRemote.as(browser).call("fileSlot", wanted);
  if (!slot.ok) throw slot.error;
  signal.throwIfAborted();
  const { ticket, url } = slot.value;
  const failure = await putBytes({ ticket, browser, bytes }, signal, (done) => told(done, bytes.size));
  if (failure !== undefined) throw failure;
  const done = { url, text: key === undefined ? url : writeFileLink(url, key), size: key ? seen.size : bytes.size };
  await note(account, client, { put: done });
  const copy = copied(account, client, url, bytes);
  copying.set(client, copy);
  // Nobody waits for a large one to be kept for another time; its bytes are there until then.
  if (bytes.size <= QUICKLY_BYTES) await copy;
  return done;
}

/** On the way to what is kept of files (`kept-files.ts`). */
const copying = new Map<ClientId, Promise<void>>();

async function copied(account: BareJid, client: ClientId, url: string, bytes: Blob): Promise<void> {
  try {
    await (await keptFiles(account)).put(url, bytes.size, async () => bytes);
  } finally {
    copying.delete(client);
  }
}

/** The same as `show` does for what is on a server. */
export async function look(account: BareJid, client: ClientId): Promise<ShownFile> {
  const { bytes, key } = await heldOf(account, client);
  return lookAt(key === undefined ? bytes : await decrypted(bytes, key));
}

export async function note(
  account: BareJid,
  client: ClientId,
  change: { readonly put?: PutFile; readonly failure?: Failure | undefined; readonly caption?: undefined },
): Promise<void> {
  const held = inMemory.get(client);
  if (held !== undefined) inMemory.set(client, { ...held, ...(change.put && { put: change.put }) });
  // Of one whose bytes are here a row may be there all the same, for the other tabs.
  await KeptUploads.with(account, (uploads) => uploads.change(client, change)).catch((error: unknown) => {
    if (held === undefined) throw error;
  });
}

export async function drop(account: BareJid, client: ClientId): Promise<void> {
  await copying.get(client);
  const here = inMemory.delete(client);
  // Of one whose bytes are here a row may be there all the same: it would come back as a file that was lost.
  await KeptUploads.with(account, (uploads) => uploads.drop(client)).catch((error: unknown) => {
    if (!here) throw error;
  });
}

async function heldOf(account: BareJid, client: ClientId): Promise<Held> {
  const held = inMemory.get(client);
  if (held !== undefined) return held;
  const whole = await KeptUploads.with(account, (uploads) => uploads.whole(client)).catch(() => undefined);
  if (whole === undefined) throw fileFailure("not-kept");
  const { key, put: done } = whole.row;
  return { upload: whole.row, bytes: whole.bytes, ...(key && { key }), ...(done && { put: done }) };
}
