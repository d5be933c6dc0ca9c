/**
 * What this machine keeps of a deployment, in a folder of its own out of git: the settings, and a copy of NAME_SECRET. A copy
 * bears its name only once it is known to be the deployed one; until then it is called pending.
 */
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { DATA, inProject } from "../project.ts";
import { writeWhole } from "../write-whole.ts";
import { type SettingsFile, settingsFile } from "./settings.ts";
import { refuse, type Said, so } from "./said.ts";

const DEFAULT_FOLDER = inProject(".deployments");

export type Home = {
  readonly folder: string;
  readonly settings: string;
  /** The copy of the deployed NAME_SECRET. */
  readonly copy: string;
  /** Of one that may be deployed or not. */
  readonly pending: string;
  /** Where releases before this folder put the copy. */
  readonly older: string | undefined;
  /** What wrangler is given. */
  readonly config: string;
};

/** @param data where older copies are; in a folder of somebody's choice there never were any */
export function homeOf(
  name: string,
  folder = DEFAULT_FOLDER,
  data = folder === DEFAULT_FOLDER ? DATA : undefined,
): Home {
  const home = join(folder, name);
  return {
    folder: home,
    settings: join(home, "settings.json"),
    copy: join(home, "name-secret"),
    pending: join(home, "name-secret.pending"),
    older: data && join(data, `name-secret.${name}`),
    config: join(home, "wrangler.json"),
  };
}

/** Empty where there is none. Fails where it cannot be read: then nobody knows what it said. */
export async function readSettings({ settings }: Home): Promise<Said<SettingsFile>> {
  const text = await readIfThere(settings);
  if (text === undefined) return so({});
  try {
    const parsed = v.safeParse(settingsFile, JSON.parse(text));
    if (parsed.success) return so(parsed.output);
  } catch {
    // Not JSON: said below, as any other file that is none of ours.
  }
  return refuse(`${settings} cannot be read. Mend it, or move it away and say again what it said.`);
}

export function writeSettings(home: Home, said: SettingsFile): Promise<void> {
  return write(home, home.settings, `${JSON.stringify(said, null, 2)}\n`);
}

/** The secret in a copy; undefined where there is none. */
export async function readSecret(path: string): Promise<string | undefined> {
  return (await readIfThere(path))?.trim();
}

/** Before the upload, for what the platform holds cannot be read back. */
export function keepPending(home: Home, nameSecret: string): Promise<void> {
  return write(home, home.pending, `${nameSecret}\n`);
}

/** The pending one is the deployed one. */
export async function settlePending({ pending, copy }: Home): Promise<void> {
  await rename(pending, copy);
}

/** The pending one is none: nobody shall take it for a copy. */
export async function dropPending({ pending }: Home): Promise<void> {
  await rm(pending, { force: true });
}

/** In the deployment's folder, which is made. */
async function write({ folder }: Home, path: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(path, text);
}

function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
