/** Looks for secrets where none may be: in any of the forms in which bytes end up in files by accident. */
import { readFile } from "node:fs/promises";

/** What is searched for. `name` is all that a failing test says about it. */
export type Canary = { readonly name: string; readonly bytes: Uint8Array };

export function canary(name: string, secret: string | Uint8Array): Canary {
  return { name, bytes: typeof secret === "string" ? new TextEncoder().encode(secret) : secret };
}

/** `<canary> as <form> in <file>` for each one found; empty is what a test wants. */
export async function sightings(canaries: readonly Canary[], files: readonly string[]): Promise<readonly string[]> {
  const contents = await Promise.all(files.map(async (path) => ({ path, bytes: await contentOf(path) })));
  return canaries.flatMap(({ name, bytes }) =>
    formsOf(bytes).flatMap(({ form, needle }) =>
      contents.flatMap(({ path, bytes: hay }) => (hay.includes(needle) ? [`${name} as ${form} in ${path}`] : [])),
    ),
  );
}

const LOG = "-wal";

/** SQLite takes a write-ahead log away when it has written what stood in it: then the database is what has to be read. */
function contentOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" || !file.endsWith(LOG)) throw error;
    return readFile(file.slice(0, -LOG.length));
  });
}

/** Base64 reads in groups of three bytes, so the same secret looks different at each of three offsets. */
function formsOf(bytes: Uint8Array): readonly { readonly form: string; readonly needle: Buffer }[] {
  const raw = Buffer.from(bytes);
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const inner = Buffer.concat([Buffer.alloc(before), raw])
      .toString("base64")
      .replaceAll("=", "");
    // The first and the last character also depend on the bytes beside the secret.
    const known = inner.slice(before === 0 ? 0 : before + 1, -1);
    return [known, known.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const hex = raw.toString("hex");
  return [
    { form: "bytes", needle: raw },
    { form: "UTF-16", needle: Buffer.from(raw.toString("utf8"), "utf16le") },
    ...[hex, hex.toUpperCase()].map((text) => ({ form: "hex", needle: Buffer.from(text) })),
    ...[...new Set(inBase64)].map((text) => ({ form: "base64", needle: Buffer.from(text) })),
    { form: "list of numbers", needle: Buffer.from([...raw].join(",")) },
  ];
}
