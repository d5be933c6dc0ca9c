/** A small database of its own: which accounts this browser knows, and how each of them ended its session. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { BareJid, BrowserId } from "../../../worker/contract/names.ts";
import type { BrowserKey } from "../../../worker/contract/sign-in.ts";

const NAME = "alcove";
const VERSION = 1;

/** What outlives a sign-out: which account was here, signed in or not, and the name the object knows this browser by. */
export type KnownAccount = {
  readonly account: BareJid;
  readonly browser: BrowserId;
  readonly signedIn: boolean;
  /** `evicted`: its database was thrown away, so a sign-in makes a new device. */
  readonly because?: "revoked" | "expired" | "evicted" | "by-choice";
  /**
   * The password was proved, and the device is not in its place yet: a restart goes on there, in the same way. See `Wanted`
   * in `session/device.ts`.
   */
  readonly arriving?: { readonly startOver: boolean; readonly unremembered: boolean };
  /** Its database is to go, and may still be there: until it is gone the name stays, so that a restart goes on. */
  readonly erasing?: true;
};

/** The key by which a browser signs what it asks, under the name the object knows it by. `bound`: the object has it. */
export type BrowserKeyRow = {
  readonly privateKey: CryptoKey;
  readonly publicKey: BrowserKey;
  readonly bound: boolean;
};

/** The names of the store and of its slots are those of the first version: databases are there. */
interface KnownAccountsSchema extends DBSchema {
  residents: { key: string; value: { readonly slot: string } & Partial<KnownAccount> & Partial<BrowserKeyRow> };
}

type KnownAccounts = IDBPDatabase<KnownAccountsSchema>;

const LAST = "last";
async function withDatabase<T>(job: (database: KnownAccounts) => Promise<T>): Promise<T> {
  const database = await openDB<KnownAccountsSchema>(NAME, VERSION, {
    upgrade(fresh) {
      fresh.createObjectStore("residents", { keyPath: "slot" });
    },
  });
  try {
    return await job(database);
  } finally {
    database.close();
  }
}

const slotOf = (account: BareJid) => `jid:${account}`;

const keySlotOf = (browser: BrowserId) => `key:${browser}`;

function read(slot: string): Promise<KnownAccount | undefined> {
  return withDatabase(async (database) => (await database.get("residents", slot)) as KnownAccount | undefined);
}

/** The account that was here last, if any. */
export function lastAccount(): Promise<KnownAccount | undefined> {
  return read(LAST);
}

/** What this browser remembers of one account. */
export function knownAccount(account: BareJid): Promise<KnownAccount | undefined> {
  return read(slotOf(account));
}

/** Remembers the account as the last one here. */
export function rememberAccount(known: KnownAccount): Promise<void> {
  return withDatabase(async (database) => {
    const transaction = database.transaction("residents", "readwrite", { durability: "strict" });
    await Promise.all([
      transaction.store.put({ ...known, slot: LAST }),
      transaction.store.put({ ...known, slot: slotOf(known.account) }),
      transaction.done,
    ]);
  });
}

/** Undefined for a browser that signed in before there were keys. */
export async function readBrowserKey(browser: BrowserId): Promise<BrowserKeyRow | undefined> {
  const row = await withDatabase((database) => database.get("residents", keySlotOf(browser)));
  return row as BrowserKeyRow | undefined;
}

export function keepBrowserKey(browser: BrowserId, key: BrowserKeyRow): Promise<void> {
  return withDatabase(async (database) => {
    await database.put("residents", { ...key, slot: keySlotOf(browser) });
  });
}

/** Forgets an account whose database is gone. One that has come back meanwhile stays. */
export function forgetAccount(account: BareJid): Promise<void> {
  return withDatabase(async (database) => {
    const transaction = database.transaction("residents", "readwrite", { durability: "strict" });
    const { store } = transaction;
    const row = await store.get(slotOf(account));
    const last = await store.get(LAST);
    if (row?.erasing === true) {
      await store.delete(slotOf(account));
      if (row.browser !== undefined) await store.delete(keySlotOf(row.browser));
      if (last?.account === account) await store.delete(LAST);
    }
    await transaction.done;
  });
}
