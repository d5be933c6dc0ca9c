/**
 * Marks a promise that is deliberately not waited for. A rejection is a bug and is reported by the name of its class
 * alone: its message may hold what was being worked on, a key or a text.
 */
export function drop(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => {
    console.error("unexpected failure", error instanceof Error ? error.name : typeof error);
  });
}
