/** Which failures end the tries to connect, and which are tried again. */
import type { Failure, FailureKind } from "../../worker/contract.ts";

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
