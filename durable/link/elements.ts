/** The elements of a stream in their order, kept until somebody asks for the next one or listens to all of them. */
import type { Element } from "@xmpp/xml";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import { within } from "../../worker/shared/within.ts";

export class Elements {
  readonly #kept: Element[] = [];
  #waiting: ((result: Result<Element>) => void) | undefined;

  get empty(): boolean {
    return this.#kept.length === 0;
  }

  /** The newest one: to whoever waits, or kept. */
  put(element: Element): void {
    if (this.#waiting) this.#settle({ ok: true, value: element });
    else this.#kept.push(element);
  }

  /** The oldest one that is kept. */
  take(): Element | undefined {
    return this.#kept.shift();
  }

  /** The oldest one, now or within the time. Fails with what `end` says, or with `late`. */
  async next(limitMs: number, late: Failure): Promise<Result<Element>> {
    const first = this.take();
    if (first) return { ok: true, value: first };
    const arrived = new Promise<Result<Element>>((resolve) => {
      this.#waiting = resolve;
    });
    const result = await within(arrived, limitMs, { ok: false, error: late } as const);
    this.#waiting = undefined;
    return result;
  }

  /** Those that were taken too early are kept again, before all others. */
  unread(elements: readonly Element[]): void {
    this.#kept.unshift(...elements);
  }

  /** None will come any more. */
  end(error: Failure): void {
    this.#settle({ ok: false, error });
  }

  #settle(result: Result<Element>): void {
    const resolve = this.#waiting;
    this.#waiting = undefined;
    resolve?.(result);
  }
}
