/** Not everything that the object has taken arrives: what was begun with a browser, and not answered, is begun anew a few times. */
import type { DeviceId } from "../../../worker/contract/names.ts";

const UNANSWERED_MS = 10_000;
/** Then the other end is taken for one that is not open. */
const MOST_UNANSWERED = 2;

export class Patience {
  /** How often each has left something unanswered since it came. */
  readonly #times = new Map<DeviceId, number>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  /** `late` is called once, after a while. */
  expect(late: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      late();
    }, UNANSWERED_MS);
    this.#timers.add(timer);
  }

  /** It has left something unanswered; whether to begin anew. */
  unanswered(device: DeviceId): boolean {
    this.#times.set(device, (this.#times.get(device) ?? 0) + 1);
    return this.hasFor(device);
  }

  /** It has answered, or has left: the next time it is tried as often. */
  anew(device: DeviceId): void {
    this.#times.delete(device);
  }

  /** False: it is there as it seems, and has not answered for as long as it would take. */
  hasFor(device: DeviceId): boolean {
    return (this.#times.get(device) ?? 0) <= MOST_UNANSWERED;
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
