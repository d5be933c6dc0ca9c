/**
 * Where large files of an account lie in the private file system of this origin (`private-disk.ts`), and how all of them go. It
 * is a file of its own since the engine erases them, and reads none.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import { toHex } from "../../../worker/shared/hex.ts";

const ROOT = "alcove-files";

/** The folder of an account; undefined: this browser, or this window of it, has no such thing, or nothing was written yet. */
export async function filesOf(account: BareJid, create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const top = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create });
    return await top.getDirectoryHandle(await nameOf(account), { create });
  } catch {
    return undefined;
  }
}

/** The account is erased here. Settles when nothing of it is left: what is being written for a page is waited for. */
export async function eraseFiles(account: BareJid): Promise<void> {
  if ((await filesOf(account, false)) === undefined) return;
  await navigator.locks.request(filesLock(account), async () => {
    const top = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT);
    await top.removeEntry(await nameOf(account), { recursive: true }).catch(() => undefined);
  });
}

/** Shared by whoever has something to do there; whoever erases holds it alone. */
export function filesLock(account: BareJid): string {
  return `alcove-disk:${account}`;
}

/** An address may be longer than a name, and have signs in it that none has. */
async function nameOf(account: BareJid): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(account))));
}
