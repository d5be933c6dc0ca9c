/** The platform's binding of that kind (`[[ratelimits]]`), for one process: so many in a period for each key. Pure but for its memory. */

/** Whoever sends from ever new addresses fills no memory: the windows that began first are forgotten. */
const MOST_KEYS = 50_000;

export type Limit = { readonly limit: number; readonly periodMs: number };

type Window = { readonly endsAt: number; count: number };

export class RateLimit {
  readonly #limit: Limit;
  readonly #mostKeys: number;
  /** In the order in which they began, which is that in which they end. */
  readonly #windows = new Map<string, Window>();

  constructor(limit: Limit, mostKeys: number = MOST_KEYS) {
    this.#limit = limit;
    this.#mostKeys = mostKeys;
  }

  /** Counts one more of `key`. @returns whether it is within the limit. `now`: milliseconds of a clock that does not go back. */
  take(key: string, now: number): boolean {
    this.#forget(now);
    const window = this.#windows.get(key) ?? this.#begin(key, now);
    window.count += 1;
    return window.count <= this.#limit.limit;
  }

  #begin(key: string, now: number): Window {
    const window = { endsAt: now + this.#limit.periodMs, count: 0 };
    this.#windows.set(key, window);
    return window;
  }

  #forget(now: number): void {
    for (const [key, { endsAt }] of this.#windows) {
      if (endsAt > now && this.#windows.size < this.#mostKeys) return;
      this.#windows.delete(key);
    }
  }
}
