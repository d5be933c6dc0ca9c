/** Marks a promise nobody waits for, on purpose. A rejection is a bug and is reported by the name of its class alone. */
export function drop(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => {
    console.error("unexpected", error instanceof Error ? error.name : typeof error);
  });
}
