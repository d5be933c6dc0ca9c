/**
 * A server that never falls silent is never waited for, and an object that never waits looks at nothing else: neither at
 * the calls of its browsers nor at its clock. So what is received is handled in portions, and between them is a pause in
 * which everybody else has their turn.
 */

/** UTF-16 code units: a few dozen short stanzas, a few milliseconds. */
export const PORTION_LENGTH = 4 * 1024;
/** Of messages that wait for their portion. A server that sends faster for so long is heard without pauses. */
export const WAITING_LENGTH = 4 * 1024 * 1024;

/** Messages that were heard already and are let go of together. */
const HEARD_MAX = 1_024;

export class Pace {
  #handled = 0;

  /** So much more is handled: true where a pause is due before the next. */
  isDue(length: number): boolean {
    this.#handled += length;
    if (this.#handled < PORTION_LENGTH) return false;
    this.#handled = 0;
    return true;
  }

  /** For whoever asks for the next piece: to be awaited before that. */
  async after(length: number): Promise<void> {
    if (this.isDue(length)) await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
}

/** For messages that come unasked: what comes too fast waits here, in its order. Undefined is one of no length. */
export class Inbox {
  readonly #hear: (message: string | undefined) => void;
  readonly #pace = new Pace();
  /** Those before `#next` were heard. */
  #waiting: (string | undefined)[] = [];
  #next = 0;
  #length = 0;
  #pausing: ReturnType<typeof setTimeout> | undefined;

  /** `hear` is given one message after the other. */
  constructor(hear: (message: string | undefined) => void) {
    this.#hear = hear;
  }

  put(message: string | undefined): void {
    this.#waiting.push(message);
    this.#length += lengthOf(message);
    if (this.#length > WAITING_LENGTH) this.flush();
    else if (this.#pausing === undefined) this.#portion();
  }

  /** What waits is heard now: there will be no time for it later. */
  flush(): void {
    this.#stopPausing();
    while (this.#next < this.#waiting.length) this.#hear(this.#take());
  }

  /** What waits is not heard any more. */
  end(): void {
    this.#stopPausing();
    this.#waiting = [];
    this.#next = 0;
    this.#length = 0;
  }

  #portion(): void {
    this.#pausing = undefined;
    let due = false;
    try {
      while (!due && this.#next < this.#waiting.length) {
        const message = this.#take();
        due = this.#pace.isDue(lengthOf(message));
        this.#hear(message);
      }
    } finally {
      // Also where one has thrown: those behind it are heard all the same.
      if (due || this.#next < this.#waiting.length) this.#pausing = setTimeout(() => this.#portion(), 0);
    }
  }

  #take(): string | undefined {
    const message = this.#waiting[this.#next];
    this.#next += 1;
    this.#length -= lengthOf(message);
    if (this.#next === this.#waiting.length || this.#next === HEARD_MAX) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    return message;
  }

  #stopPausing(): void {
    if (this.#pausing !== undefined) clearTimeout(this.#pausing);
    this.#pausing = undefined;
  }
}

function lengthOf(message: string | undefined): number {
  return message?.length ?? 0;
}
