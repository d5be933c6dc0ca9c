/** Opening, counting and erasing databases. One per account, and a small one that knows which account was here last. */
import { deleteDB, type IDBPDatabase, openDB, unwrap } from "idb";
import type { BareJid, BrowserId } from "../../../worker/contract.ts";
import { MIGRATIONS, type MetaRow, SCHEMA_VERSION } from "./schema.ts";

/** Typed where rows are read and written (`unit.ts`), so untyped here. */
export type Database = IDBPDatabase<unknown>;

const PREFIX = "alcove:";
const HOME = "alcove";
const HOME_VERSION = 1;

/**
 * Opens (or makes) the database of an account. `closed` is called when another version or an eviction takes it away
 * from under us.
 */
export function openAccount(account: BareJid, closed: () => void): Promise<Database> {
  return openDB(PREFIX + account, SCHEMA_VERSION, {
    upgrade(database, from) {
      for (const migrate of MIGRATIONS.slice(from)) migrate(unwrap(database) as IDBDatabase);
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      closed();
    },
    terminated: closed,
  });
}

/** Texts and keys of an account are gone for good. */
export function eraseAccount(account: BareJid): Promise<void> {
  return deleteDB(PREFIX + account);
}

/**
 * Becomes the writer: every later transaction of an earlier writer fails. Returns the generation to check with.
 */
export async function takeOver(database: Database): Promise<number> {
  const transaction = database.transaction("meta", "readwrite", { durability: "strict" });
  const row = (await transaction.store.get("generation")) as Extract<MetaRow, { name: "generation" }> | undefined;
  const value = (row?.value ?? 0) + 1;
  await transaction.store.put({ name: "generation", value } satisfies MetaRow);
  await transaction.done;
  return value;
}

/** What outlives a sign-out: which account was here, signed in or not, and the name the object knows this browser by. */
export type Resident = {
  readonly account: BareJid;
  readonly browser: BrowserId;
  readonly signedIn: boolean;
  readonly because?: "expired" | "by-choice";
};

type HomeRow = Resident & { readonly slot: string };

const LAST = "last";
/** Says, with no name, that the account which was here last was signed out by another browser. */
const FAREWELL = "farewell";

function openHome(): Promise<Database> {
  return openDB(HOME, HOME_VERSION, {
    upgrade(database) {
      database.createObjectStore("residents", { keyPath: "slot" });
    },
  });
}

/** The account that was here last, if any. */
export function lastResident(): Promise<Resident | undefined> {
  return readResident(LAST);
}

/** What this browser remembers of one account. */
export function residentOf(account: BareJid): Promise<Resident | undefined> {
  return readResident(`jid:${account}`);
}

async function readResident(slot: string): Promise<Resident | undefined> {
  const home = await openHome();
  try {
    return (await home.get("residents", slot)) as HomeRow | undefined;
  } finally {
    home.close();
  }
}

/** Remembers the account as the last one here. */
export async function rememberResident(resident: Resident): Promise<void> {
  const home = await openHome();
  try {
    const transaction = home.transaction("residents", "readwrite", { durability: "strict" });
    await Promise.all([
      transaction.store.put({ ...resident, slot: LAST } satisfies HomeRow),
      transaction.store.put({ ...resident, slot: `jid:${resident.account}` } satisfies HomeRow),
      transaction.store.delete(FAREWELL),
      transaction.done,
    ]);
  } finally {
    home.close();
  }
}

/** Whether whoever was here last was signed out by another browser, and nobody came since. */
export async function wasRevoked(): Promise<boolean> {
  const home = await openHome();
  try {
    return (await home.get("residents", FAREWELL)) !== undefined;
  } finally {
    home.close();
  }
}

/** Forgets an account whose database was erased; `revoked` leaves a word about why, and none about whom. */
export async function forgetResident(account: BareJid, because?: "revoked"): Promise<void> {
  const home = await openHome();
  try {
    const transaction = home.transaction("residents", "readwrite", { durability: "strict" });
    await Promise.all([
      transaction.store.delete(LAST),
      transaction.store.delete(`jid:${account}`),
      because === undefined ? undefined : transaction.store.put({ slot: FAREWELL }),
      transaction.done,
    ]);
  } finally {
    home.close();
  }
}
