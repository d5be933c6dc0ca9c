/** Looks into what is on disk while the programs that own it run: an object's database, the server's archives. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Given } from "./observer.ts";
import type { Person } from "./plan.ts";

/** A runtime that starts again holds the database for itself while it recovers the log of writes. */
const LOCKED_MS = 10_000;

const TOKEN = /\[[ab][12]\.\d+\]/g;

/** The tables of one account's object, read beside it: what a reader sees was committed. */
export class ObjectStorage {
  readonly #paths: readonly string[];
  readonly #account: string;
  #reader: Reader;

  /** @throws when none of the databases belongs to the account. */
  constructor(paths: readonly string[], account: string) {
    this.#paths = paths;
    this.#account = account;
    this.#reader = readerOf(openOf(paths, account));
  }

  has(message: Given): boolean {
    if (finds(this.#reader, message)) return true;
    // A runtime that was killed and started again has recovered the log of writes, which this reader does not follow.
    this.close();
    this.#reader = readerOf(openOf(this.#paths, this.#account));
    return finds(this.#reader, message);
  }

  close(): void {
    this.#reader.database.close();
  }
}

type Reader = { readonly database: DatabaseSync; readonly entry: StatementSync; readonly held: StatementSync };

function readerOf(database: DatabaseSync): Reader {
  return {
    database,
    entry: database.prepare("select 1 from entries where archive_id = ? or origin_id = ? limit 1"),
    held: database.prepare("select 1 from held where drafts like ? limit 1"),
  };
}

function finds({ entry, held }: Reader, { archiveId, id }: Given): boolean {
  if (entry.get(archiveId ?? null, id ?? null)) return true;
  return [archiveId, id].some((known) => known !== undefined && held.get(`%${known}%`) !== undefined);
}

function openOf(paths: readonly string[], account: string): DatabaseSync {
  for (const path of paths.filter((candidate) => candidate.endsWith(".sqlite"))) {
    const database = new DatabaseSync(path, { readOnly: true, timeout: LOCKED_MS });
    const tables = database.prepare("select 1 from sqlite_master where name = 'meta'").get();
    const row = tables && database.prepare("select value from meta where key = 'account'").get();
    if (row && row["value"] === JSON.stringify(account)) return database;
    database.close();
  }
  throw new Error(`no database of ${account}`);
}

/** Prosody's own archive of a person (`internal` storage: one file that only grows). */
export class ServerArchive {
  readonly #path: string;
  #length = 0;

  constructor(serverState: string, person: Person) {
    this.#path = join(serverState, "data/localhost/archive", `${person}.list`);
  }

  /** Whether it has become shorter since the last look: messages were let go. */
  async hasShrunk(): Promise<boolean> {
    const { size } = await stat(this.#path).catch(() => ({ size: 0 }));
    const shrunk = size < this.#length;
    this.#length = Math.max(size, this.#length);
    return shrunk;
  }

  /** The texts' tokens, in the archive's order. */
  async tokens(): Promise<readonly string[]> {
    const text = await readFile(this.#path, "utf8");
    return [...text.matchAll(TOKEN)].map(([found]) => found);
  }
}
