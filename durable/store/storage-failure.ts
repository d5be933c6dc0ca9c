/**
 * Tells a poison stanza, on which this program throws, from a storage failure. The first is stepped over (T61); the second
 * ends the stream, for nothing may be acknowledged that is not stored.
 */

import { isQuotaSpent } from "../../worker/shared/spent-quota.ts";

/** What SQLite says about the stanza's rows rather than about the disk (sqlite.org/rescode.html). */
const OF_THE_ROW = /SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG|RANGE|ERROR)\b/;

/**
 * Whether the storage failed. An error that is neither is taken for the stanza's; writing its marker then shows whether
 * storing works.
 */
export function isStorageFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The platform's own refusal names no code of SQLite's.
  if (isQuotaSpent(error)) return true;
  return /SQLITE_[A-Z]+/.test(error.message) && !OF_THE_ROW.test(error.message);
}
