/** How a failure that the browser has words for travels through event emitters and rejected promises. */
import type { Failure } from "../../../worker/contract/failures.ts";

/** An expected failure on its way through event emitters and rejected promises. */
export class LinkFault extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** Anything that was thrown below the stream: our own faults keep their kind, the rest is a lost connection. */
export function failureOf(reason: unknown): Failure {
  return reason instanceof LinkFault ? reason.failure : { kind: "connection-lost" };
}
