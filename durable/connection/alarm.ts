/** The object's one alarm. Each change is a billed row, so one that is close before the wanted time is left as it is. */
import type { Time } from "../../worker/contract/names.ts";
import type { AccountStorage } from "../store/fullness.ts";

const SLACK_MS = 1_000;
/** One that would ring for nothing so much earlier is a wake-up more. */
const NEAR_MS = 60_000;

export class Alarm {
  readonly #storage: AccountStorage;
  #at: Time | undefined;

  constructor(storage: AccountStorage) {
    this.#storage = storage;
  }

  /** Undefined takes the alarm away. */
  async set(at: Time | undefined): Promise<void> {
    const before = this.#at;
    const stands = before !== undefined && before > Date.now();
    if (at !== undefined && stands && at >= before - SLACK_MS && at < before + NEAR_MS) return;
    this.#at = at;
    if (at !== undefined) await this.#storage.setAlarm(at);
    else if (before !== undefined) await this.#storage.deleteAlarm();
  }

  /** It has rung, or the storage was emptied: the next `set` writes it. */
  forget(): void {
    this.#at = undefined;
  }
}
