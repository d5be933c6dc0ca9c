/** Says to the object up to where this browser has committed the log: soon, and not for each entry. */
import type { BrowserFrame } from "../../../worker/contract/frames.ts";
import type { Cursor, Seq } from "../../../worker/contract/names.ts";

/** A browser that is behind by so many entries does not put it off (`LIMITS.windowEntries` is the object's patience). */
const ACKNOWLEDGED_AT_ONCE = 100;

export class Acknowledgement {
  readonly #send: (frame: BrowserFrame) => void;
  readonly #withinMs: number;
  /** The newest that was committed. */
  #cursor: Cursor | undefined;
  #said = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param withinMs how long it may be put off */
  constructor(send: (frame: BrowserFrame) => void, withinMs: number) {
    this.#send = send;
    this.#withinMs = withinMs;
  }

  /** A socket has said hello: its object counts what it sends from here. */
  begin(cursor: Cursor | undefined): void {
    this.#cursor = cursor;
    this.#said = cursor?.seq ?? 0;
  }

  /** Everything up to `cursor` is committed. Said at once where the object may wait for it: it has more, or has sent much since. */
  committed(cursor: Cursor, head: Seq): void {
    this.#cursor = cursor;
    if (cursor.seq < head || cursor.seq - this.#said >= ACKNOWLEDGED_AT_ONCE) this.#tell();
    else this.#timer ??= setTimeout(() => this.#tell(), this.#withinMs);
  }

  /** What is not acknowledged yet is asked for from the cursor by the next socket, so nothing is lost. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tell(): void {
    this.stop();
    if (this.#cursor === undefined) return;
    this.#said = this.#cursor.seq;
    this.#send({ type: "ack", epoch: this.#cursor.epoch, seq: this.#cursor.seq });
  }
}
