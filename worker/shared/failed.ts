import type { Failure, FailureKind } from "../contract/failures.ts";

/** A result that is this failure. */
export function failed(kind: FailureKind, detail?: string): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: detail === undefined ? { kind } : { kind, detail } };
}
