/** The conversations that were looked at since the sign-in, each with its draft. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Conversation } from "./conversation.ts";

export class Conversations {
  readonly #make: (chat: BareJid) => Conversation;
  readonly #made = new Map<BareJid, Conversation>();
  /** How often that has changed: a map tells nobody of it. */
  readonly #changes = signal(0);

  constructor(make: (chat: BareJid) => Conversation) {
    this.#make = make;
  }

  /** A text in a composer, or on its way to the engine, is only here. */
  readonly holdText: ReadonlySignal<boolean> = computed(() => {
    void this.#changes.value;
    const holding = [...this.#made.values()].filter(({ holdsText }) => holdsText.value);
    return holding.length > 0;
  });

  /** The one that was made, or a new one. */
  of(chat: BareJid): Conversation {
    let conversation = this.#made.get(chat);
    if (conversation === undefined) {
      conversation = this.#make(chat);
      this.#made.set(chat, conversation);
      this.#changes.value += 1;
    }
    return conversation;
  }

  /** None where nobody has looked at it yet. */
  made(chat: BareJid): Conversation | undefined {
    return this.#made.get(chat);
  }

  /** The way to the server stands again. */
  connected(): void {
    for (const { loaded } of this.#made.values()) loaded.connected();
  }

  /** The page may be going away: whoever closes a tab hides it first. */
  hidden(): void {
    for (const { kept, typing } of this.#made.values()) {
      typing.rest();
      drop(kept.keep());
    }
  }

  /** Another account, or none: nothing of the former may stay in memory. */
  empty(): void {
    for (const { kept } of this.#made.values()) kept.close();
    this.#made.clear();
    this.#changes.value += 1;
  }
}
