/** Opening, counting and erasing the databases of accounts, one for each. */
import { deleteDB, type IDBPDatabase, openDB, unwrap } from "idb";
import type { BareJid } from "../../../worker/contract/names.ts";
import { UPLOADS } from "../protocol/files.ts";
import { eraseFiles } from "./files-place.ts";
import { isWhole } from "./key-keeping.ts";
import { MIGRATIONS, SCHEMA_VERSION } from "./migrations.ts";
import type { AccountSchema } from "./schema.ts";

export type Database = IDBPDatabase<AccountSchema>;

const PREFIX = "alcove:";
/** A tab that was asked to close the database may have to finish a write. */
const CLOSING_MS = 500;
/** A frozen tab does not answer, and a browser need not report it: after this it counts as holding the database. */
const ERASING_MS = 5_000;

/**
 * Opens (or makes) the database of an account. `closed` is called when another version or an eviction closes it.
 * @throws when a tab of an older version does not close it
 */
export async function openAccount(account: BareJid, closed: () => void): Promise<Database> {
  let giveUp: () => void = () => undefined;
  const heldUp = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error("another tab holds an older version"));
  });
  const opening = openDB<AccountSchema>(PREFIX + account, SCHEMA_VERSION, {
    blocked: () => setTimeout(giveUp, CLOSING_MS),
    upgrade(database, from, _to, transaction) {
      for (const migrate of MIGRATIONS.slice(from)) migrate(unwrap(database) as IDBDatabase, unwrap(transaction));
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      closed();
    },
    terminated: closed,
  });
  try {
    return await Promise.race([opening, heldUp]);
  } catch (error) {
    // If it opens after all, nobody waits for it any more.
    opening.then(
      (database) => database.close(),
      () => undefined,
    );
    throw error;
  }
}

/**
 * Opens the database of an account for whoever only reads it: it is neither made nor changed. `closed` is called when it was
 * closed for another version, or for being erased.
 * @throws when it is not there, or of another version
 */
export async function openForReading(account: BareJid, closed: () => void): Promise<Database> {
  return openDB<AccountSchema>(PREFIX + account, SCHEMA_VERSION, {
    upgrade(_database, _from, _to, transaction) {
      // Whoever opens it is told by the opening itself.
      transaction.done.catch(() => undefined);
      transaction.abort();
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      closed();
    },
    terminated: closed,
  });
}

export type Erasure = {
  /** Settles when texts and keys of the account are gone. A tab that never closes the database puts it off for ever. */
  readonly finished: Promise<void>;
  /** Whether that came about at once. False, within seconds: another tab holds the database open and goes on doing so. */
  readonly soon: Promise<boolean>;
};

/** Begins to erase an account. The browser goes on by itself as long as this worker lives. */
export function eraseAccount(account: BareJid): Erasure {
  const timers: ReturnType<typeof setTimeout>[] = [];
  let giveUp: () => void = () => undefined;
  const patience = new Promise<boolean>((resolve) => {
    giveUp = () => resolve(false);
    timers.push(setTimeout(giveUp, ERASING_MS));
  });
  const blocked = () => timers.push(setTimeout(giveUp, CLOSING_MS));
  const gone = [PREFIX, UPLOADS].map((name) => deleteDB(name + account, { blocked }));
  const finished = Promise.all([...gone, eraseFiles(account)]).then(() => {
    for (const timer of timers) clearTimeout(timer);
  });
  return { finished, soon: Promise.race([finished.then(() => true), patience]) };
}

/** Whether an account has a device here: a browser throws databases away without saying so. */
export async function holdsDevice(account: BareJid): Promise<boolean> {
  const database = await openAccount(account, () => undefined);
  try {
    return isWhole(await database.get("identity", "self"));
  } finally {
    database.close();
  }
}

/**
 * Becomes the writer: every later transaction of an earlier writer fails. Returns the generation to check with.
 */
export async function takeOver(database: Database): Promise<number> {
  const transaction = database.transaction("meta", "readwrite", { durability: "strict" });
  const row = await transaction.store.get("generation");
  const value = (row?.name === "generation" ? row.value : 0) + 1;
  await transaction.store.put({ name: "generation", value });
  await transaction.done;
  return value;
}
