/** What a browser has to fetch before it shows something, as gzip makes of it. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { inProject } from "../../tools/project.ts";
import { table } from "./samples.ts";

const BYTES_PER_KB = 1_000;
const PAGE = inProject("dist/web");

type Part = { readonly name: string; readonly file: RegExp; readonly goalKb?: number };

const PARTS: readonly Part[] = [
  { name: "script of the first screen", file: /^index-.*\.js$/, goalKb: 60 },
  { name: "crypto worker", file: /^engine-worker-.*\.js$/, goalKb: 60 },
  { name: "the engine's second script: signing in, keys, rooms", file: /^engine-later-.*\.js$/ },
  { name: "worker of the search, with the first one", file: /^search-worker-.*\.js$/ },
  { name: "style", file: /^index-.*\.css$/ },
  { name: "notices, search and the words of all, a moment later", file: /^aside-.*\.js$/ },
  { name: "dialogs, with the first one wanted", file: /^every-dialog-.*\.js$/ },
  { name: "devices, members, settings, with the first one wanted", file: /^screens-.*\.js$/ },
  { name: "words of what goes wrong, with the first that does", file: /^failures-.*\.js$/ },
  { name: "menus of a conversation", file: /^menus-.*\.js$/ },
  { name: "emoji", file: /^emoji-lines-.*\.js$/ },
  { name: "what looks at pictures, with the first one shown", file: /^picture-.*\.js$/ },
  { name: "QR code, with the first one shown", file: /^qr-.*\.js$/ },
  { name: "page", file: /^index\.html$/ },
  { name: "everything", file: /./ },
];

/** Prints the table. Throws where a part is not in the build, for then it was not weighed. */
export async function measureWeight(): Promise<string> {
  const entries = await readdir(PAGE, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("_"));
  const weighed = await Promise.all(
    files.map(async ({ name, parentPath }) => {
      const content = await readFile(join(parentPath, name));
      return { name, bytes: content.length, gzip: gzipSync(content).length };
    }),
  );
  const rows = PARTS.map(({ name, file, goalKb }) => {
    const parts = weighed.filter((candidate) => file.test(candidate.name));
    if (parts.length === 0) throw new Error(`dist/web has no ${file}`);
    const gzip = parts.reduce((sum, part) => sum + part.gzip, 0);
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    const verdict = goalKb === undefined ? "" : gzip <= goalKb * BYTES_PER_KB ? "met" : "MISSED";
    return [name, `${gzip} bytes`, `${bytes} bytes`, goalKb === undefined ? "" : `${goalKb} kB`, verdict];
  });
  return table([["fetched once", "gzip", "unpacked", "goal", ""], ...rows]);
}
