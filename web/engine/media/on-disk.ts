/**
 * Large files out of pieces that nobody has in memory at once. Browsers hold a new Blob in memory, and one that was read out of
 * a database as long as it is wanted, also when its row has gone: so each piece goes through the database of uploads, where
 * nothing of it stays.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import { report } from "../../../worker/shared/report.ts";
import { KeptUploads } from "./kept-uploads.ts";

/** So much of a file is in memory. */
const HELD_BYTES = 8 * 1024 * 1024;

/** Makes one file of its pieces. */
export type Gather = (pieces: AsyncIterable<Blob>) => Promise<Blob>;

export const inMemory: Gather = async (pieces) => {
  const parts: Blob[] = [];
  for await (const piece of pieces) parts.push(piece);
  return new Blob(parts);
};

/** What the disk does not take stays in memory, and so does what is not large. @throws what the pieces throw */
export function onDisk(account: BareJid): Gather {
  return async (pieces) => {
    const parts: Blob[] = [];
    let size = 0;
    let disk: KeptUploads | undefined;
    try {
      for await (const piece of pieces) {
        size += piece.size;
        if (size > HELD_BYTES) disk ??= await open(account);
        parts.push(disk === undefined ? piece : await passedThrough(disk, piece));
      }
    } finally {
      disk?.close();
    }
    return new Blob(parts);
  };
}

async function open(account: BareJid): Promise<KeptUploads | undefined> {
  try {
    return await KeptUploads.open(account);
  } catch {
    // The browser keeps nothing.
    return undefined;
  }
}

async function passedThrough(disk: KeptUploads, piece: Blob): Promise<Blob> {
  try {
    return await disk.passThrough(piece);
  } catch (error) {
    report("a piece of a file stays in memory", error);
    return piece;
  }
}
