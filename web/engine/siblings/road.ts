/** A sealed road, once both ends have its keys: messages in order with credits, so that a slow end holds the other one up. */
import type { DeviceId } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { type Bytes, concat } from "../bytes.ts";
import { type Agreed, numberOf } from "./agreement.ts";
import type { ChannelEnd, SiblingChannel } from "./channel.ts";
import { RECORD_OVERHEAD, SealedLine } from "./sealed-line.ts";
import { PIECE_BYTES, SAYS, type Talk } from "./talk.ts";

/** The first byte of a record. `ready` is the first one of each end: it has the keys. */
const KIND = { ready: 0, message: 1, credit: 2, close: 3 } as const;
/** Messages that the other end has not taken in yet. */
const WINDOW = 8;
const CREDITS_TOGETHER = 4;
/** An end that takes nothing in for so long is not there any more. */
const CREDIT_WITHIN_MS = 120_000;

export type RoadParts = {
  readonly talk: Talk;
  readonly agreed: Agreed;
  readonly initiator: boolean;
  /** The other end has shown that it has the keys. */
  readonly ready: () => void;
  readonly ended: (why: ChannelEnd) => void;
};

export class Road implements SiblingChannel {
  readonly peer: DeviceId;
  readonly initiator: boolean;
  readonly maxBytes = PIECE_BYTES - RECORD_OVERHEAD - 2;
  readonly #talk: Talk;
  readonly #line: SealedLine;
  readonly #parts: RoadParts;
  readonly #inbox: Bytes[] = [];
  readonly #ends: ((why: ChannelEnd) => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  #opening: Promise<void> = Promise.resolve();
  #listener: ((message: Bytes) => void | Promise<void>) | undefined;
  #taking = false;
  #ready = false;
  /** Messages under way, and those that were taken in since the other end was told. */
  #outstanding = 0;
  #taken = 0;
  #ended: ChannelEnd | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: RoadParts) {
    this.#parts = parts;
    this.#talk = parts.talk;
    this.peer = parts.talk.peer;
    this.initiator = parts.initiator;
    this.#line = new SealedLine(parts.agreed);
    drop(this.#post(KIND.ready));
  }

  async send(message: Bytes): Promise<void> {
    if (message.length > this.maxBytes) throw new RangeError("larger than a message of the road may be");
    await this.#room();
    if (this.#ended !== undefined) return;
    this.#outstanding += 1;
    await this.#post(KIND.message, message);
    await this.#room();
  }

  /** Until the other end has taken enough in. */
  async #room(): Promise<void> {
    while (this.#outstanding >= WINDOW && this.#ended === undefined) {
      this.#watch ??= setTimeout(() => this.end("gone"), CREDIT_WITHIN_MS);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  onMessage(listener: (message: Bytes) => void | Promise<void>): void {
    this.#listener = listener;
    drop(this.#take());
  }

  onEnd(listener: (why: ChannelEnd) => void): void {
    if (this.#ended === undefined) this.#ends.push(listener);
    else listener(this.#ended);
  }

  close(why: ChannelEnd = "closed"): void {
    if (this.#ended !== undefined) return;
    const said = this.#post(KIND.close);
    this.end(why, () => drop(said.then(() => this.#talk.stop())));
  }

  /** Without a word to the other end. */
  end(why: ChannelEnd, stop: () => void = () => this.#talk.stop()): void {
    if (this.#ended !== undefined) return;
    this.#ended = why;
    clearTimeout(this.#watch);
    this.#inbox.length = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
    stop();
    this.#parts.ended(why);
    for (const listener of this.#ends.splice(0)) listener(why);
  }

  /** A record has come. */
  heard(record: Bytes): Promise<void> {
    this.#opening = this.#opening.then(async () => {
      if (this.#ended !== undefined) return;
      const opened = await this.#line.open(record);
      if (opened.kind === "message") this.#read(opened.message);
      else if (opened.kind === "broken") this.close("broken");
    });
    return this.#opening;
  }

  #post(kind: number, body: Bytes = new Uint8Array()): Promise<boolean> {
    return this.#talk.say(SAYS.record, this.#line.seal(concat(Uint8Array.of(kind), body)));
  }

  #read(message: Bytes): void {
    const [kind] = message;
    if (!this.#ready) {
      this.#ready = kind === KIND.ready;
      if (this.#ready) this.#parts.ready();
      else this.close("broken");
      return;
    }
    if (kind === KIND.close) this.end("closed");
    if (kind === KIND.credit && message.length === 5) this.#credited(new DataView(message.buffer).getUint32(1));
    if (kind !== KIND.message) return;
    // The other end has been told how much it may send.
    if (this.#inbox.length >= 2 * WINDOW) this.close("broken");
    else this.#inbox.push(message.slice(1));
    drop(this.#take());
  }

  #credited(count: number): void {
    this.#outstanding = Math.max(0, this.#outstanding - count);
    clearTimeout(this.#watch);
    this.#watch = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #take(): Promise<void> {
    if (this.#taking || this.#listener === undefined) return;
    this.#taking = true;
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        await this.#listener(next);
        this.#taken += 1;
        if (this.#taken >= CREDITS_TOGETHER || this.#inbox.length === 0) this.#credit();
      }
    } catch (error) {
      this.close("broken");
      throw error;
    } finally {
      this.#taking = false;
    }
  }

  #credit(): void {
    drop(this.#post(KIND.credit, numberOf(this.#taken)));
    this.#taken = 0;
  }
}
