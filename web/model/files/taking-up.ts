/**
 * What somebody said on a page that has gone comes up in its conversation where nobody is in the middle of anything else: the oldest
 * first, the next one when that was sent or thrown away.
 */
import { effect } from "@preact/signals-core";
import type { Keeping } from "./kept-voices.ts";
import type { Recording } from "./recording.ts";

type Left = { readonly recorded: Blob; readonly keeping: Keeping };

export type TakingUpParts = {
  readonly recording: Pick<Recording, "now" | "restore">;
  /** See `KeptVoices.left`. */
  readonly left: () => Promise<Left | undefined>;
  /** Nothing is written, chosen or recorded here that it would stand in the place of. */
  readonly isFree: () => boolean;
};

export class TakingUp {
  readonly #parts: TakingUpParts;
  /** Somebody began to write before it was shown: it waits until they come back. */
  #waits: Left | undefined;
  #busy = false;

  constructor(parts: TakingUpParts) {
    this.#parts = parts;
  }

  /** Somebody has come to the conversation. */
  async look(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    const { recording, left, isFree } = this.#parts;
    try {
      while (isFree()) {
        this.#waits ??= await left();
        const next = this.#waits;
        if (next === undefined || !isFree()) break;
        this.#waits = undefined;
        await recording.restore(next.recorded, next.keeping);
        await isOver(recording);
      }
    } finally {
      this.#busy = false;
    }
  }

  /** Another account, or none: what waits is another page's to take up. */
  end(): void {
    this.#waits?.keeping.leave();
    this.#waits = undefined;
  }
}

/** It was sent, or nobody wants it, or nothing could be made of it. */
function isOver({ now }: Pick<Recording, "now">): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (now.value.state !== "idle") return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
