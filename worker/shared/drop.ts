import { report } from "./report.ts";

/** Marks a promise that is deliberately not waited for. A rejection is a bug and is reported. */
export function drop(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => report("unexpected failure", error));
}
