/** One road to an own browser while texts travel on it: what comes is told apart, both ends may ask. */
import type { DeviceId } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { SiblingChannel } from "../siblings/channel.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import type { Store } from "../store/store.ts";
import { Answerer } from "./answerer.ts";
import { Asker } from "./asker.ts";
import type { Filling } from "./corrections.ts";
import { type HandoverFrame, readFrame, writeFrame } from "./frames.ts";

type Hello = Extract<HandoverFrame, { readonly kind: "hello" }>;
/** What is said besides questions and answers. */
export type Told = Exclude<HandoverFrame, { readonly kind: "ask" | "answers" | "there" }>;

export type RoadParts = {
  readonly store: Store;
  readonly filling: Filling;
  readonly may: (row: MessageRow) => boolean;
  readonly gave: (texts: number) => void;
  /** The next frame is read when it has settled. */
  readonly told: (frame: Told) => Promise<void>;
  readonly ended: (road: HandoverRoad) => void;
};

export class HandoverRoad {
  readonly peer: DeviceId;
  /** This browser has opened it. */
  readonly initiator: boolean;
  readonly asker: Asker;
  /** What the other one has said of itself. */
  hello: Hello | undefined;
  readonly #channel: SiblingChannel;
  readonly #answerer: Answerer;
  readonly #parts: RoadParts;

  constructor(channel: SiblingChannel, parts: RoadParts) {
    this.peer = channel.peer;
    this.initiator = channel.initiator;
    this.#channel = channel;
    this.#parts = parts;
    const { store, filling, may, gave } = parts;
    const send = (message: Parameters<SiblingChannel["send"]>[0]) => channel.send(message);
    this.asker = new Asker({ ...{ store, filling, send }, maxBytes: channel.maxBytes });
    this.#answerer = new Answerer({
      ...{ database: store.database, maxBytes: channel.maxBytes, send, may, gave },
      failed: () => channel.close("broken"),
    });
    channel.onEnd(() => this.#end());
    channel.onMessage(async (message) => {
      const frame = await readFrame(message);
      // A later release may say more; whatever has to be understood has another version.
      if (frame !== undefined) await this.#hear(frame);
    });
  }

  /** Nothing is answered until what this gives is called. */
  hold(): () => void {
    return this.#answerer.hold();
  }

  /** Settles when it is on its way, and waits for no room: the other end may be waiting for the same. */
  async tell(frame: HandoverFrame): Promise<void> {
    const message = await writeFrame(frame);
    drop(this.#channel.send(message));
  }

  async #hear(frame: HandoverFrame): Promise<void> {
    if (frame.kind === "ask") return this.#answerer.ask(frame);
    if (frame.kind === "answers") return this.asker.answers(frame);
    if (frame.kind === "there") return;
    if (frame.kind === "hello") this.hello = frame;
    await this.#parts.told(frame);
  }

  #end(): void {
    this.asker.end();
    this.#answerer.end();
    this.#parts.ended(this);
  }
}
