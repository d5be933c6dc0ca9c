/** A small database of its own: which accounts have lived in this browser, and how each of them went. */
import { openDB } from "idb";
import type { BareJid, BrowserId } from "../../../worker/contract.ts";
import type { Database } from "./database.ts";

const HOME = "alcove";
const HOME_VERSION = 1;

/** What outlives a sign-out: which account was here, signed in or not, and the name the object knows this browser by. */
export type Resident = {
  readonly account: BareJid;
  readonly browser: BrowserId;
  readonly signedIn: boolean;
  /** `evicted`: its database was thrown away, so a sign-in makes a new device. */
  readonly because?: "revoked" | "expired" | "evicted" | "by-choice";
  /** Its database is to go, and may still be there: until it is gone the name stays, so that a restart goes on. */
  readonly erasing?: true;
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

async function atHome<T>(job: (home: Database) => Promise<T>): Promise<T> {
  const home = await openHome();
  try {
    return await job(home);
  } finally {
    home.close();
  }
}

const slotOf = (account: BareJid) => `jid:${account}`;

function readResident(slot: string): Promise<Resident | undefined> {
  return atHome(async (home) => (await home.get("residents", slot)) as HomeRow | undefined);
}

/** The account that was here last, if any. */
export function lastResident(): Promise<Resident | undefined> {
  return readResident(LAST);
}

/** What this browser remembers of one account. */
export function residentOf(account: BareJid): Promise<Resident | undefined> {
  return readResident(slotOf(account));
}

/** Remembers the account as the last one here. */
export function rememberResident(resident: Resident): Promise<void> {
  return atHome(async (home) => {
    const transaction = home.transaction("residents", "readwrite", { durability: "strict" });
    await Promise.all([
      transaction.store.put({ ...resident, slot: LAST } satisfies HomeRow),
      transaction.store.put({ ...resident, slot: slotOf(resident.account) } satisfies HomeRow),
      transaction.store.delete(FAREWELL),
      transaction.done,
    ]);
  });
}

/** Whether whoever was here last was signed out by another browser, and nobody came since. */
export function wasRevoked(): Promise<boolean> {
  return atHome(async (home) => (await home.get("residents", FAREWELL)) !== undefined);
}

/**
 * Forgets an account whose database is gone; one that was signed out by another browser leaves a word about that, and
 * none about whom. An account that has come back meanwhile stays.
 */
export function forgetResident(account: BareJid): Promise<void> {
  return atHome(async (home) => {
    const transaction = home.transaction("residents", "readwrite", { durability: "strict" });
    const { store } = transaction;
    const row = (await store.get(slotOf(account))) as HomeRow | undefined;
    const last = (await store.get(LAST)) as HomeRow | undefined;
    if (row?.erasing === true) {
      await store.delete(slotOf(account));
      if (last?.account === account) await store.delete(LAST);
      if (row.because === "revoked") await store.put({ slot: FAREWELL });
    }
    await transaction.done;
  });
}
