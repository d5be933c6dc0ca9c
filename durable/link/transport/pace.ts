/**
 * A server that never falls silent is never waited for, and an object that never waits looks at nothing else: neither at
 * the calls of its browsers nor at its clock. So what is received is handled in portions, and between them is a pause in
 * which everybody else has their turn.
 */

/** UTF-16 code units: a few dozen short stanzas, a few milliseconds. */
export const PORTION_LENGTH = 4 * 1024;
/** Of messages that wait for their portion: what 10,000 contacts say when we come. A server that goes on sending faster is heard as fast as it sends. */
export const WAITING_LENGTH = 16 * 1024 * 1024;

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

/** What of a message is heard at once: the next so much of it; `more` of the same message follows. Undefined: of no length. */
type Hear = (text: string | undefined, more: boolean) => void;

/** For messages that come unasked: what comes too fast waits here, in its order. A long one is heard piece by piece. */
export class Inbox {
  readonly #hear: Hear;
  readonly #pace = new Pace();
  /** Those before `#next` were heard, and of that one what is before `#at`. */
  #waiting: (string | undefined)[] = [];
  #next = 0;
  #at = 0;
  #length = 0;
  #pausing: ReturnType<typeof setTimeout> | undefined;

  /** `hear` is given one message after the other, each in pieces of at most `PORTION_LENGTH`, cut anywhere. */
  constructor(hear: Hear) {
    this.#hear = hear;
  }

  put(message: string | undefined): void {
    // The oldest, not all of them at once. The newest is here already, however long it is.
    while (this.#length >= WAITING_LENGTH) this.#hearPiece();
    this.#waiting.push(message);
    this.#length += message?.length ?? 0;
    if (this.#pausing === undefined) this.#portion();
  }

  /** What waits is heard now: there will be no time for it later. */
  flush(): void {
    this.#stopPausing();
    while (this.#next < this.#waiting.length) this.#hearPiece();
  }

  /** What waits is not heard any more. */
  end(): void {
    this.#stopPausing();
    this.#waiting = [];
    this.#next = 0;
    this.#at = 0;
    this.#length = 0;
  }

  #portion(): void {
    this.#pausing = undefined;
    let due = false;
    try {
      while (!due && this.#next < this.#waiting.length) {
        due = this.#pace.isDue(this.#pieceLength);
        this.#hearPiece();
      }
    } finally {
      // Also where one has thrown: those behind it are heard all the same.
      if (due || this.#next < this.#waiting.length) this.#pausing = setTimeout(() => this.#portion(), 0);
    }
  }

  /** Of the piece that is heard next. */
  get #pieceLength(): number {
    return Math.min(PORTION_LENGTH, (this.#waiting[this.#next]?.length ?? 0) - this.#at);
  }

  #hearPiece(): void {
    const message = this.#waiting[this.#next];
    const from = this.#at;
    this.#at += this.#pieceLength;
    this.#length -= this.#at - from;
    const piece = message?.slice(from, this.#at);
    const more = message !== undefined && this.#at < message.length;
    if (!more) this.#nextMessage();
    this.#hear(piece, more);
  }

  #nextMessage(): void {
    this.#at = 0;
    this.#next += 1;
    if (this.#next < this.#waiting.length && this.#next < HEARD_MAX) return;
    this.#waiting = this.#waiting.slice(this.#next);
    this.#next = 0;
  }

  #stopPausing(): void {
    if (this.#pausing !== undefined) clearTimeout(this.#pausing);
    this.#pausing = undefined;
  }
}
