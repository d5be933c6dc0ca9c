/**
 * Large files in the private file system of this origin (File System Standard §3, "OPFS"): written piece by piece, each at once
 * on the disk, so that nobody has all of one in memory. Not every browser has it, nor every window: whoever asks has another way.
 *
 * `alcove-files/<SHA-256 of the account>/sent` holds what is on its way to others, as it travels. Beside it each page of the
 * account has a folder with what was decrypted for it; it goes with the page, by a lock that the page holds (`pageLock`).
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Bytes } from "../bytes.ts";
import { type PageId, pageLock } from "../protocol/files.ts";
import { filesLock, filesOf } from "./files-place.ts";

const SENT = "sent";

/** In a dedicated worker alone; the DOM types describe the page's. */
type SyncHandle = { write(piece: Bytes, how: { readonly at: number }): number; close(): void };
type Writable = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> };
type Listed = FileSystemDirectoryHandle & { keys(): AsyncIterable<string> };

/** A file that is being written. Nobody reads it before it is closed. */
export class NewFile {
  readonly #folder: Folder;
  readonly name: string;
  readonly #handle: SyncHandle;
  #size = 0;

  constructor(folder: Folder, name: string, handle: SyncHandle) {
    this.#folder = folder;
    this.name = name;
    this.#handle = handle;
  }

  /** @throws a `DOMException`, `QuotaExceededError` for one, where the disk does not take it: what it took before stays */
  write(piece: Bytes): void {
    const written = this.#handle.write(piece, { at: this.#size });
    if (written !== piece.length) throw new DOMException("not all was written", "QuotaExceededError");
    this.#size += written;
  }

  /** All that was written, as it lies on the disk; it is there as long as nobody drops it. */
  async close(): Promise<Blob> {
    this.#handle.close();
    const file = await this.#folder.get(this.name);
    if (file === undefined || file.size < this.#size) throw new DOMException("it is gone", "NotFoundError");
    return file.slice(0, this.#size);
  }

  async drop(): Promise<void> {
    this.#handle.close();
    await this.#folder.drop(this.name);
  }
}

export class Folder {
  readonly #handle: FileSystemDirectoryHandle;

  constructor(handle: FileSystemDirectoryHandle) {
    this.#handle = handle;
  }

  /** In place of what had this name. @throws where this browser writes nothing, or another is writing it */
  async create(name: string): Promise<NewFile> {
    await this.drop(name);
    const file = (await this.#handle.getFileHandle(name, { create: true })) as Writable;
    return new NewFile(this, name, await file.createSyncAccessHandle());
  }

  async get(name: string): Promise<Blob | undefined> {
    try {
      return await (await this.#handle.getFileHandle(name)).getFile();
    } catch {
      // There is none.
      return undefined;
    }
  }

  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const name of (this.#handle as Listed).keys()) names.push(name);
    return names;
  }

  /** One that is being written goes when its writer drops it. */
  async drop(name: string): Promise<void> {
    await this.#handle.removeEntry(name, { recursive: true }).catch(() => undefined);
  }

  async folder(name: string): Promise<Folder> {
    return new Folder(await this.#handle.getDirectoryHandle(name, { create: true }));
  }
}

async function folderOf(account: BareJid, create: boolean): Promise<Folder | undefined> {
  const handle = await filesOf(account, create);
  return handle && new Folder(handle);
}

/** What is on its way to others, by the name of its message. */
export async function sentFolder(account: BareJid): Promise<Folder | undefined> {
  return (await folderOf(account, true))?.folder(SENT);
}

/** Nobody erases the account before the job is done: what is being written cannot be taken away. */
export function whileWriting<T>(account: BareJid, job: () => Promise<T>): Promise<T> {
  return navigator.locks.request(filesLock(account), { mode: "shared" }, job);
}

/** The folder of a page, which nobody takes away before `letGo`. */
export type PageFolder = { readonly folder: Folder; readonly letGo: () => void };

/** Undefined: there is no private disk. */
export async function pageFolder(account: BareJid, page: PageId): Promise<PageFolder | undefined> {
  const files = await folderOf(account, true);
  if (files === undefined) return undefined;
  let letGo: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await Promise.all([holding(filesLock(account), over), holding(pageLock(page), over)]);
  try {
    return { folder: await files.folder(page), letGo };
  } catch (error) {
    letGo();
    throw error;
  }
}

/** Settles when a lock is held, beside others who share it, until something is over. */
function holding(name: string, over: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const job = () => {
      resolve();
      return over;
    };
    navigator.locks.request(name, { mode: "shared" }, job).catch(reject);
  });
}

/** What was decrypted for pages that have gone goes, too. */
export async function sweep(account: BareJid): Promise<void> {
  const files = await folderOf(account, false);
  for (const name of (await files?.names()) ?? [])
    if (name !== SENT)
      await navigator.locks.request(pageLock(name as PageId), { ifAvailable: true }, async (lock) => {
        if (lock !== null) await files?.drop(name);
      });
}

/** Nobody on the page needs it any more. */
export async function dropOpened(account: BareJid, page: PageId, name: string): Promise<void> {
  await (await (await folderOf(account, false))?.folder(page))?.drop(name);
}
