/** How often something may be begun within a minute; an object that was evicted meanwhile begins anew. */
import type { Time } from "../../worker/contract/names.ts";

const MINUTE_MS = 60_000;

export class Minute {
  readonly #most: number;
  #since = 0;
  #begun = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether one more may begin now; it is counted. */
  inTime(now: Time): boolean {
    if (Math.abs(now - this.#since) >= MINUTE_MS) [this.#since, this.#begun] = [now, 0];
    this.#begun += 1;
    return this.#begun <= this.#most;
  }
}
