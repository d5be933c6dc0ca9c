/** Opening, counting and erasing the databases of accounts, one for each. */
import { deleteDB, type IDBPDatabase, openDB, unwrap } from "idb";
import type { BareJid } from "../../../worker/contract.ts";
import { MIGRATIONS, SCHEMA_VERSION } from "./migrations.ts";
import type { AccountSchema } from "./schema.ts";

export type Database = IDBPDatabase<AccountSchema>;

const PREFIX = "alcove:";
/** A tab that was asked to let go may have to finish what it is writing. */
const LETTING_GO_MS = 500;
/** A frozen tab does not even say that it holds the database, and a browser need not say it in its place. */
const ERASING_MS = 5_000;

/**
 * Opens (or makes) the database of an account. `closed` is called when another version or an eviction takes it away
 * from under us.
 * @throws when a tab of an older version is asked to let go and does not
 */
export async function openAccount(account: BareJid, closed: () => void): Promise<Database> {
  let giveUp: () => void = () => undefined;
  const heldUp = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error("another tab holds an older version"));
  });
  const opening = openDB<AccountSchema>(PREFIX + account, SCHEMA_VERSION, {
    blocked: () => setTimeout(giveUp, LETTING_GO_MS),
    upgrade(database, from) {
      for (const migrate of MIGRATIONS.slice(from)) migrate(unwrap(database) as IDBDatabase);
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
    // Should it open after all, nobody waits for it any more.
    opening.then(
      (database) => database.close(),
      () => undefined,
    );
    throw error;
  }
}

export type Erasure = {
  /** Texts and keys of the account are gone for good. A tab that never lets go puts it off for ever. */
  readonly finished: Promise<void>;
  /** Whether that came about at once. False, within seconds: another tab holds the database open and goes on doing so. */
  readonly soon: Promise<boolean>;
};

/** Begins to erase an account. The browser goes on by itself while this worker lives, whatever was said meanwhile. */
export function eraseAccount(account: BareJid): Erasure {
  const timers: ReturnType<typeof setTimeout>[] = [];
  let giveUp: () => void = () => undefined;
  const patience = new Promise<boolean>((resolve) => {
    giveUp = () => resolve(false);
    timers.push(setTimeout(giveUp, ERASING_MS));
  });
  const blocked = () => timers.push(setTimeout(giveUp, LETTING_GO_MS));
  const finished = deleteDB(PREFIX + account, { blocked }).finally(() => {
    for (const timer of timers) clearTimeout(timer);
  });
  return { finished, soon: Promise.race([finished.then(() => true), patience]) };
}

/** Whether an account has a device here: a browser may throw databases away, and nobody else says so. */
export async function holdsDevice(account: BareJid): Promise<boolean> {
  const database = await openAccount(account, () => undefined);
  try {
    return (await database.count("identity")) > 0;
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
