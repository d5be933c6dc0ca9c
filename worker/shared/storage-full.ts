/**
 * Whether an error says that nothing more fits into an object's storage: SQLite's word (sqlite.org/rescode.html#full), which
 * the platform uses for an object over its limit as well. The Worker is told so where the object has ended by it.
 */
export function isStorageFull(error: unknown): boolean {
  return error instanceof Error && /SQLITE_FULL|database or disk is full|storage.*(?:limit|quota)/i.test(error.message);
}
