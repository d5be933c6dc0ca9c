/**
 * Marks a promise that is deliberately not waited for. A rejection is a bug, so it is reported by its name (never with
 * the values that were being worked on: they may be keys or texts).
 */
export function drop(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => {
    console.error("unexpected failure", error instanceof Error ? `${error.name}: ${error.message}` : typeof error);
  });
}
