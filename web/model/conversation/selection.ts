/** Several messages of a conversation that are chosen, to do one thing with all of them. */
import type { Signal } from "@preact/signals-core";
import type { Conversation } from "./conversation.ts";
import type { ShownItem } from "./corrections.ts";

/** Each is a call of its own where they are passed on or taken back. */
export const CHOSEN_MAX = 100;

type Chosen = ReadonlyMap<string, ShownItem>;

const selections = new WeakMap<Conversation, Selection>();

/** The one of a conversation, which itself holds only what is chosen: this is no part of the first screen. */
export function selectionOf(conversation: Conversation): Selection {
  const selection = selections.get(conversation) ?? new Selection(conversation.chosen);
  selections.set(conversation, selection);
  return selection;
}

export class Selection {
  readonly #chosen: Signal<Chosen | undefined>;
  /** Where a range begins, and what had been chosen before it. */
  #anchor: string | undefined;
  #before: Chosen = new Map();

  constructor(chosen: Signal<Chosen | undefined>) {
    this.#chosen = chosen;
  }

  /** Chooses one, or no more. */
  toggle(item: ShownItem): void {
    const chosen = new Map(this.#chosen.peek());
    if (!chosen.delete(item.key) && chosen.size < CHOSEN_MAX) chosen.set(item.key, item);
    this.#anchor = item.key;
    this.#before = chosen;
    this.#chosen.value = chosen;
  }

  /**
   * Chooses all between the one that was chosen last and `to`, in the place of the range before it.
   *
   * @param items all that are shown, oldest first
   */
  extend(items: readonly ShownItem[], to: string): void {
    const end = items.findIndex(({ key }) => key === to);
    const start = items.findIndex(({ key }) => key === this.#anchor);
    const last = items[end];
    if (last === undefined) return;
    if (start === -1 || this.#chosen.peek() === undefined) {
      this.toggle(last);
      return;
    }
    const range = items.slice(Math.min(start, end), Math.max(start, end) + 1);
    const chosen = new Map(this.#before);
    // From where it began: what is too much is at its other end.
    for (const item of start > end ? range.toReversed() : range)
      if (chosen.size < CHOSEN_MAX) chosen.set(item.key, item);
    this.#chosen.value = chosen;
  }
}

/** With Shift the keys choose from one message to another; whoever was not choosing begins with the first. */
export function extendChosen(conversation: Conversation, from: string | undefined, to: string | undefined): void {
  const selection = selectionOf(conversation);
  const shown = conversation.shown();
  const item = shown.find(({ key }) => key === from);
  if (conversation.chosen.peek() === undefined && item !== undefined) selection.toggle(item);
  if (to !== undefined) selection.extend(shown, to);
}
