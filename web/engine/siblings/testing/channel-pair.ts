/** Two ends of a road in memory, for tests of what travels on it: in order, with credits, no cryptography. */
import type { DeviceId } from "../../../../worker/contract/names.ts";
import { drop } from "../../../../worker/shared/drop.ts";
import type { Bytes } from "../../bytes.ts";
import type { ChannelEnd, SiblingChannel } from "../channel.ts";

/** Messages on their way to one end before its sender waits. */
const CREDITS = 8;

export type ChannelPair = {
  readonly a: SiblingChannel;
  readonly b: SiblingChannel;
  /** Both ends are told that the other one is gone; what is on its way is lost. */
  readonly cut: () => void;
};

/** `maxBytes` as on the real road, unless a test wants less. */
export function channelPair({ maxBytes = 90_000 } = {}): ChannelPair {
  const a = new End(2 as DeviceId, true, maxBytes);
  const b = new End(1 as DeviceId, false, maxBytes);
  a.other = b;
  b.other = a;
  return {
    a,
    b,
    cut: () => {
      a.end("gone");
      b.end("gone");
    },
  };
}

class End implements SiblingChannel {
  readonly peer: DeviceId;
  readonly initiator: boolean;
  readonly maxBytes: number;
  other: End | undefined;
  readonly #waiting: Bytes[] = [];
  readonly #senders: (() => void)[] = [];
  readonly #ends: ((why: ChannelEnd) => void)[] = [];
  #listener: ((message: Bytes) => void | Promise<void>) | undefined;
  #ended: ChannelEnd | undefined;
  #taking = false;

  constructor(peer: DeviceId, initiator: boolean, maxBytes: number) {
    this.peer = peer;
    this.initiator = initiator;
    this.maxBytes = maxBytes;
  }

  async send(message: Bytes): Promise<void> {
    if (message.length > this.maxBytes) throw new RangeError("larger than a message of the road may be");
    const to = this.other;
    if (this.#ended !== undefined || to === undefined) return;
    to.#waiting.push(message.slice());
    drop(to.#take());
    if (to.#waiting.length < CREDITS) return;
    await new Promise<void>((resolve) => this.#senders.push(resolve));
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
    this.other?.end("closed");
    this.end(why);
  }

  end(why: ChannelEnd): void {
    if (this.#ended !== undefined) return;
    this.#ended = why;
    this.#waiting.length = 0;
    for (const resolve of this.#senders.splice(0)) resolve();
    for (const listener of this.#ends.splice(0)) listener(why);
  }

  async #take(): Promise<void> {
    if (this.#taking || this.#listener === undefined) return;
    this.#taking = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        await this.#listener(next);
        this.other?.relieve(CREDITS - this.#waiting.length);
      }
    } catch {
      this.end("broken");
      this.other?.end("broken");
    } finally {
      this.#taking = false;
    }
  }

  /** The other end has taken some in. */
  relieve(credits: number): void {
    if (credits > 0) this.#senders.shift()?.();
  }
}
