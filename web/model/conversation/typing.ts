/**
 * What others may be told of the composer (XEP-0085): that somebody writes, that they have paused, that what stood there
 * is gone. Each change once; a pause is one after some seconds without a letter.
 */
import type { TypingState } from "../../../worker/contract/frames.ts";

/** The specification's example is half a minute (§4, paused); people look away sooner. */
export const PAUSED_AFTER_MS = 10_000;

export class TypingTeller {
  readonly #tell: (state: TypingState) => void;
  #told: TypingState = "active";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (state: TypingState) => void) {
    this.#tell = tell;
  }

  /** A letter was written or taken away by the person; this stands there now. */
  wrote(text: string): void {
    clearTimeout(this.#timer);
    const empty = text.trim() === "";
    this.#become(empty ? "active" : "composing");
    if (!empty) this.#timer = setTimeout(() => this.rest(), PAUSED_AFTER_MS);
  }

  /** Nobody goes on with it for now: the page is hidden, or the conversation left. */
  rest(): void {
    clearTimeout(this.#timer);
    if (this.#told === "composing") this.#become("paused");
  }

  /** It was sent, and the message itself says so. */
  sent(): void {
    clearTimeout(this.#timer);
    this.#told = "active";
  }

  #become(state: TypingState): void {
    if (state === this.#told) return;
    this.#told = state;
    this.#tell(state);
  }
}
