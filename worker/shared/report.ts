/**
 * Writes to the log what went wrong and the class of the error alone: its message may hold what was being worked on, an
 * address, a key or a text.
 */
export function report(what: string, error: unknown): void {
  console.error(what, error instanceof Error ? error.name : typeof error);
}
