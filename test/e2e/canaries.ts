/** Looks for texts where none may be: in the files of a server, in the databases of the objects. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every place a text was found, as `file: how it was written`. */
export async function findTexts(files: readonly string[], texts: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of files) {
    const content = await contentOf(file);
    for (const text of texts) {
      for (const [how, bytes] of writings(text)) if (content.includes(bytes)) found.push(`${file}: ${text} as ${how}`);
    }
  }
  return found;
}

const LOG = "-wal";

/** SQLite takes a write-ahead log away when it has written what stood in it: then the database is what has to be read. */
function contentOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" || !file.endsWith(LOG)) throw error;
    return readFile(file.slice(0, -LOG.length));
  });
}

/** All files below a folder. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A text as bytes; Base64 three ways, for it depends on what stands before. */
function writings(text: string): readonly (readonly [string, Buffer])[] {
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
      .toString("base64")
      .replace(/=+$/, "");
    // The first and last characters mix with the neighbours' bits.
    return ["Base64", Buffer.from(whole.slice(shift === 0 ? 0 : shift + 1, -1))] as const;
  });
  return [["UTF-8", Buffer.from(text)], ["UTF-16", Buffer.from(text, "utf16le")], ...base64];
}
