/**
 * Whether private keys that this browser stores are there when they are read. WebKit has made keys that it could not store:
 * it gave `null` back, without an error, in private windows above all. What can be made proves nothing about what is kept.
 */
import { deleteDB, openDB } from "idb";
import type { IdentityRow } from "./device-rows.ts";

const PROBE = "alcove-probe";
const STORE = "keys";

/** Stores these handles, reads them by another connection, and gives them back; undefined where they do not come back whole. */
export async function storedAndRead(keys: readonly CryptoKey[]): Promise<readonly CryptoKey[] | undefined> {
  const name = `${PROBE}:${crypto.randomUUID()}`;
  try {
    const open = () => openDB(name, 1, { upgrade: (database) => void database.createObjectStore(STORE) });
    const writing = await open();
    await writing.put(STORE, keys, STORE);
    writing.close();
    const reading = await open();
    const read: unknown = await reading.get(STORE, STORE);
    reading.close();
    const whole = Array.isArray(read) && read.length === keys.length && read.every((key) => key instanceof CryptoKey);
    return whole ? (read as readonly CryptoKey[]) : undefined;
  } catch (error) {
    // A key that cannot be cloned, or a database that cannot be had here at all.
    if (error instanceof DOMException) return undefined;
    throw error;
  } finally {
    await deleteDB(name);
  }
}

/** Whether a stored identity is one: a row whose keys the browser did not give back is none. Version 1 kept a seed. */
export function isWhole(row: IdentityRow | undefined): boolean {
  if (row === undefined) return false;
  return "seed" in row || (row.signing instanceof CryptoKey && row.agreement instanceof CryptoKey);
}
