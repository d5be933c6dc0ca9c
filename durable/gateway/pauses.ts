/**
 * How long the gateway waits after it has failed. What passes by itself is tried again soon; what somebody has to mend seldom, and the
 * object remembers that, for whoever asks how it stands begins a new life of it: a wrong password that is tried with each
 * round of the watchman gets an account locked.
 */
import type { Failure } from "../../worker/contract/failures.ts";
import type { Time } from "../../worker/contract/names.ts";
import { backOff } from "../connection/plan.ts";
import { isFinal } from "../connection/retry.ts";

const MINUTE_MS = 60_000;
/** The first pause, doubled with each further failure of its kind up to the longest. */
type Pause = { readonly firstMs: number; readonly longestMs: number };
/** A password that is refused, a server that is none of ours or asks what cannot be done. */
const REFUSED: Pause = { firstMs: 60 * MINUTE_MS, longestMs: 24 * 60 * MINUTE_MS };
/** Somebody else has the same address and resource: a copy of this deployment. Both would throw each other out without end. */
const REPLACED: Pause = { firstMs: 10 * MINUTE_MS, longestMs: 4 * 60 * MINUTE_MS };
/** Who stood for less has failed again, in place of for the first time. */
const STOOD_MS = 20 * MINUTE_MS;

/** `of`: the configuration that it has failed with; what was refused of another one says nothing. */
export type Remembered = {
  readonly failure: Failure;
  readonly failures: number;
  readonly until: Time;
  readonly of: string;
};

export interface PauseMemory {
  load(): Promise<Remembered | undefined>;
  save(remembered: Remembered | undefined): Promise<void>;
  /** Names the configuration of now; tells nothing of it. */
  configuration(): Promise<string>;
}

export class Pauses {
  readonly #memory: PauseMemory;
  #loading: Promise<void> | undefined;
  #failure: Failure | undefined;
  #failures = 0;
  #until: Time = 0;
  #stoodAt: Time | undefined;
  #remembers = false;

  constructor(memory: PauseMemory) {
    this.#memory = memory;
  }

  /** Takes up what was remembered; call it before anything else, as often as you like. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Why it waits; undefined where it does not. A clock that was far ahead keeps nobody waiting. */
  failureAt(now: Time): Failure | undefined {
    return this.until(now) === undefined ? undefined : this.#failure;
  }

  /** Until when it waits. */
  until(now: Time): Time | undefined {
    return now < this.#until && this.#until <= now + REFUSED.longestMs ? this.#until : undefined;
  }

  async stands(now: Time): Promise<void> {
    this.#until = 0;
    this.#stoodAt = now;
    if (!this.#remembers) return;
    this.#remembers = false;
    await this.#memory.save(undefined);
  }

  async failed(failure: Failure, now: Time): Promise<void> {
    const stood = this.#stoodAt !== undefined && now - this.#stoodAt >= STOOD_MS;
    const pause = pauseOf(failure);
    this.#failures = stood || pauseOf(this.#failure) !== pause ? 1 : this.#failures + 1;
    this.#failure = failure;
    this.#stoodAt = undefined;
    this.#until = now + (pause ? lasts(pause, this.#failures) : backOff(this.#failures, Math.random()));
    if (pause === undefined) return;
    this.#remembers = true;
    const [failures, until] = [this.#failures, this.#until];
    await this.#memory.save({ failure, failures, until, of: await this.#memory.configuration() });
  }

  async #load(): Promise<void> {
    const remembered = await this.#memory.load();
    if (remembered === undefined) return;
    this.#remembers = true;
    if (remembered.of !== (await this.#memory.configuration())) return;
    ({ failure: this.#failure, failures: this.#failures, until: this.#until } = remembered);
  }
}

/** Undefined for what passes by itself. */
function pauseOf(failure: Failure | undefined): Pause | undefined {
  if (failure === undefined) return undefined;
  if (failure.kind === "stream-replaced") return REPLACED;
  return isFinal(failure) ? REFUSED : undefined;
}

function lasts({ firstMs, longestMs }: Pause, failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10));
}
