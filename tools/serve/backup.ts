/**
 * A copy of a data folder while the server runs, in another folder that a server can be started on. A plain copy of a
 * database that is written to may take its file and its write-ahead log from two different moments; SQLite's own backup
 * reads each database in one transaction (sqlite.org/backup.html), which makes writers wait for nothing (sqlite.org/wal.html).
 */
import { existsSync } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { type Folders, foldersIn } from "./folders.ts";

/** When the runtime is to ring which object: beside the objects of a class, not one of them. */
const ALARMS = "metadata.sqlite";
/** In one step: another one would begin anew whenever somebody has written in between. */
const ALL_PAGES = 0x7fff_ffff;
const HEADER_BYTES = 20;
/** Both format numbers of the header are 2 in a database with a write-ahead log (sqlite.org/fileformat.html §1.3). */
const WAL_VERSION = 2;
const VERSIONS_AT = 18;

/**
 * @param target a folder that is not there yet; it appears when all of it is good
 * @returns how many objects were copied
 * @throws in words where a copy is not whole, or the target is there
 */
export async function backUp(from: Folders, target: string): Promise<number> {
  if (!existsSync(from.secrets))
    throw new Error(`There is nothing to copy: no server has been started on ${dirname(from.secrets)}.`);
  if (existsSync(target)) throw new Error(`${target} is there already; a copy is not put over another one.`);
  const making = `${target}.unfinished`;
  await rm(making, { recursive: true, force: true });
  const to = foldersIn(making);
  await mkdir(to.objects, { recursive: true, mode: 0o700 });
  await copyFile(from.secrets, to.secrets);
  let copied = 0;
  for (const entry of await readdir(from.objects, { withFileTypes: true }))
    if (entry.isDirectory()) copied += await copyClass(join(from.objects, entry.name), join(to.objects, entry.name));
  await rename(making, target);
  return copied;
}

/** Objects are independent of each other: each is as it was at one moment, not all at the same one. */
async function copyClass(from: string, to: string): Promise<number> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const files = (await readdir(from)).filter((file) => file.endsWith(".sqlite"));
  const objects = files.filter((file) => file !== ALARMS);
  const later = join(to, `${ALARMS}.later`);
  if (files.includes(ALARMS)) await copyDatabase(join(from, ALARMS), join(to, ALARMS));
  let copied = 0;
  for (const file of objects) if (await copyDatabase(join(from, file), join(to, file))) copied += 1;
  if (files.includes(ALARMS) && (await copyDatabase(join(from, ALARMS), later))) addAlarms(join(to, ALARMS), later);
  await rm(later, { force: true });
  return copied;
}

/** False for one that is being made at this very moment, or was taken away: there is nothing in it. */
async function copyDatabase(from: string, to: string): Promise<boolean> {
  if (!(await hasWriteAheadLog(from))) return false;
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(source, to, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
  const copy = new DatabaseSync(to);
  try {
    const [row] = copy.prepare("pragma integrity_check").all();
    if (row?.["integrity_check"] !== "ok")
      throw new Error(`The copy of ${from} is not whole: ${String(row?.["integrity_check"])}`);
    // One file, with nothing beside it; the runtime sets it back.
    copy.exec("pragma journal_mode = delete");
  } finally {
    copy.close();
  }
  await toDisk(to);
  return true;
}

/**
 * An object whose alarm was set while others were copied is not in the first copy of the alarms, and one that has rung is
 * not in the second. An alarm too many is harmless: an object that is not due says so.
 */
function addAlarms(path: string, later: string): void {
  const alarms = new DatabaseSync(path);
  try {
    alarms.prepare("attach database ? as later").run(later);
    const tables = alarms
      .prepare("select name from later.sqlite_schema where type = 'table' and name = '_cf_ALARM'")
      .all();
    if (tables.length > 0) alarms.exec("insert or ignore into main._cf_ALARM select * from later._cf_ALARM");
  } finally {
    alarms.close();
  }
}

/** To open any other kind of file could stand in the way of the runtime, which is turning it into this one. */
async function hasWriteAheadLog(path: string): Promise<boolean> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return false;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return bytesRead === HEADER_BYTES && buffer[VERSIONS_AT] === WAL_VERSION && buffer[VERSIONS_AT + 1] === WAL_VERSION;
  } finally {
    await file.close();
  }
}

async function toDisk(path: string): Promise<void> {
  for (const one of [path, dirname(path)]) {
    const file = await open(one);
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
