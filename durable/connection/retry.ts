/** When to connect again after a failure, or not at all: counted, and remembered across hibernation and resets. */
import type { Failure, FailureKind } from "../../worker/contract/failures.ts";
import type { Time } from "../../worker/contract/names.ts";
import type { LinkState } from "../../worker/contract/state.ts";
import type { RetryMemory } from "../store/meta.ts";
import { backOff } from "./plan.ts";

/** Failures that trying again does not mend: somebody has to do something first. */
const FINAL: ReadonlySet<FailureKind> = new Set([
  "address-invalid",
  "domain-refused",
  "unproven-name",
  "wrong-password",
  "keys-unfit",
  "account-disabled",
  "only-plain",
  "no-mechanism",
  "server-not-proven",
  "locked",
  "storage-full",
  "wrong-account",
]);

/** Somebody has to do something first. */
export function isFinal(failure: Failure): boolean {
  return FINAL.has(failure.kind);
}

export class Retries {
  readonly #memory: RetryMemory;
  #failures = 0;
  #stopped = false;

  constructor(memory: RetryMemory) {
    this.#memory = memory;
  }

  /** Off for good until somebody signs in again or asks for a new try. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** What was remembered, as the state to show; undefined where nothing was wrong. */
  restore(): LinkState | undefined {
    const state = this.#memory.load();
    // Whether there is room shows anew in each life of the object (`fullness.ts`).
    if (!state || state.failure.kind === "storage-full") return undefined;
    const { failures, failure, until } = state;
    this.#failures = failures;
    this.#stopped = until === undefined;
    return stateOf(failure, until);
  }

  /** One more failure; answers with the state to show. Sooner or later it is tried again, unless that mends nothing. */
  failed(failure: Failure): LinkState {
    this.#failures += 1;
    this.#stopped = isFinal(failure);
    const until = this.#stopped ? undefined : Date.now() + backOff(this.#failures, Math.random());
    this.#memory.save({ failures: this.#failures, failure, ...(until !== undefined && { until }) });
    return stateOf(failure, until);
  }

  /** A stream stands; whether it can be used will show. */
  connected(): void {
    this.#stopped = false;
  }

  /** Whatever went wrong before is over. */
  recovered(): void {
    if (this.#failures > 0 || this.#stopped) this.#memory.save(undefined);
    this.#failures = 0;
    this.#stopped = false;
  }
}

function stateOf(failure: Failure, until: Time | undefined): LinkState {
  return until === undefined ? { state: "off", failure } : { state: "waiting", until, failure };
}
