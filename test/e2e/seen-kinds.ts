/**
 * What stood on a screen that was found without a fault, by any story of this run: files are processes of their own, and share it
 * by a file. One that is run by itself begins with nothing.
 */
import { appendFile, readFile } from "node:fs/promises";
import { SEEN_VARIABLE } from "../../tools/project.ts";

const here = new Set<string>();

/** Of these, what nobody has looked at yet. */
export async function unseen(kinds: readonly string[]): Promise<readonly string[]> {
  const path = process.env[SEEN_VARIABLE];
  if (path !== undefined && kinds.some((kind) => !here.has(kind)))
    for (const kind of (await readFile(path, "utf8").catch(() => "")).split("\n")) here.add(kind);
  return kinds.filter((kind) => !here.has(kind));
}

/** They stood there, and nothing was at fault. */
export async function note(kinds: readonly string[]): Promise<void> {
  const path = process.env[SEEN_VARIABLE];
  const fresh = kinds.filter((kind) => !here.has(kind));
  for (const kind of fresh) here.add(kind);
  // One write of each process for each time: lines of two of them do not mix.
  if (path !== undefined && fresh.length > 0) await appendFile(path, fresh.map((kind) => `${kind}\n`).join(""));
}
