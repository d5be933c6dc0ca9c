/** Why nothing runs, and until when: remembered, so that an object that hibernates or is reset does not start over. */
import type { Failure, FailureKind, Time } from "../../worker/contract.ts";

/** Without `until` nothing is tried by itself any more. */
export type Setback = { readonly failures: number; readonly failure: Failure; readonly until?: Time };

export interface SetbackMemory {
  load(): Setback | undefined;
  save(setback: Setback | undefined): void;
}

/** Failures that trying again does not mend: somebody has to do something first. */
const FINAL: ReadonlySet<FailureKind> = new Set([
  "address-invalid",
  "domain-refused",
  "unproven-name",
  "wrong-password",
  "account-disabled",
  "only-plain",
  "no-mechanism",
  "server-not-proven",
  "locked",
  "wrong-account",
]);

export function isFinal(failure: Failure): boolean {
  return FINAL.has(failure.kind);
}
