/** Kept keys did not sign in: what that says of them, and of the password. Pure. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { Keys } from "../link/link.ts";

export type Refusal = {
  /** What the person is told. */
  readonly failure: Failure;
  /** The keys are of no use to anybody any more. */
  readonly erase: boolean;
  /** SCRAM leaves nothing of use at this server, so a token is wanted. */
  readonly wantsToken: boolean;
};

/**
 * Another salt than that of the keys says nothing about the password: some servers draw one for each exchange
 * (ejabberd#2699), and some backends of one server differ. Such keys are kept. Keys that were tried and refused are not; of a
 * token that says no more than that its time is over.
 */
export function refusalOf({ kind }: Keys, failure: Failure): Refusal {
  const refused = failure.kind === "wrong-password";
  const over = refused && kind === "fast";
  return {
    failure: over ? { kind: "keys-unfit", detail: "token" } : failure,
    erase: refused,
    wantsToken: failure.kind === "keys-unfit" && kind === "scram",
  };
}
