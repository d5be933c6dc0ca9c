/** How much was given to whom, said now and then: each word of it is a write. */
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Standing } from "./standing.ts";

const EVERY_MS = 1_000;

export class Given {
  readonly #standing: Standing;
  readonly #background: (work: Promise<unknown>) => void;
  readonly #since = new Map<DeviceId, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(standing: Standing, background: (work: Promise<unknown>) => void) {
    this.#standing = standing;
    this.#background = background;
  }

  note(device: DeviceId, texts: number): void {
    if (this.#standing.of("giving", device)?.state !== "going") return;
    this.#since.set(device, (this.#since.get(device) ?? 0) + texts);
    this.#timer ??= setTimeout(() => this.#say(), EVERY_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #say(): void {
    this.#timer = undefined;
    for (const [device, texts] of this.#since) {
      const giving = this.#standing.of("giving", device);
      if (giving?.state !== "going") continue;
      const done = giving.done + texts;
      this.#background(this.#standing.say("giving", device, { done, of: Math.max(giving.of, done) }));
    }
    this.#since.clear();
  }
}
