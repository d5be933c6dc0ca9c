/** The data folder of one's own server: what is kept, and what is made anew at each start. */
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { newSecret, secretLines } from "../secrets-file.ts";
import { writeWhole } from "../write-whole.ts";

export type Folders = {
  /** Kept: it names the objects and signs cookies. */
  readonly secrets: string;
  /** Kept: the databases of the objects. */
  readonly objects: string;
  /** Made anew at each start. */
  readonly run: string;
  readonly page: string;
  readonly runtime: string;
  /** A socket at which the running server answers its operator. */
  readonly control: string;
  /** Process number of the runtime. */
  readonly pid: string;
};

export function foldersIn(data: string): Folders {
  const run = join(data, "run");
  return {
    secrets: join(data, "secrets.env"),
    objects: join(data, "objects"),
    run,
    page: join(run, "page"),
    runtime: join(run, "workerd.capnp"),
    control: join(run, "control.sock"),
    pid: join(run, "workerd.pid"),
  };
}

/**
 * Makes what is missing. The page is copied, so that the next release can be built while this one serves.
 * @param page folder of the built page
 * @throws in words where the folder may not be written to
 */
export async function prepareFolders(folders: Folders, page: string): Promise<void> {
  await mkdir(folders.objects, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${folders.objects} cannot be made (${error.code ?? error.message}). Who runs this server has to own it.`,
    );
  });
  await rm(folders.run, { recursive: true, force: true });
  await mkdir(folders.run, { mode: 0o700 });
  await cp(page, folders.page, { recursive: true });
}

/** What nobody can make but the operator, who writes it into the file; empty where it is not there. */
export const OWN_SECRETS = ["GATEWAY_PASSWORD"] as const;

/**
 * The secrets of that file; missing ones are made, present ones never changed.
 * @param hasObjects there are objects, which nobody finds with another NAME_SECRET
 * @throws in words where the file is missing beside objects
 */
export async function keepOwnSecrets(
  path: string,
  names: readonly string[],
  hasObjects: boolean,
): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const kept = parseSecrets(text);
  if (hasObjects && kept["NAME_SECRET"] === undefined)
    throw new Error(
      `${path} is missing, but there are accounts: they are found by the NAME_SECRET in it. Put it back.`,
    );
  const made = Object.fromEntries(names.filter((name) => kept[name] === undefined).map((name) => [name, newSecret()]));
  if (Object.keys(made).length > 0) await writeWhole(path, secretLines({ ...kept, ...made }));
  const all = { ...kept, ...made };
  return Object.fromEntries([...names, ...OWN_SECRETS].map((name) => [name, all[name] ?? ""]));
}

function parseSecrets(text: string): Readonly<Record<string, string>> {
  const lines = text.split("\n").filter((line) => /^\w+=./.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}
