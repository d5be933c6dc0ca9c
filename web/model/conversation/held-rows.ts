/** The rows of a conversation that are in memory, oldest first, and the bounded part of them that is mounted. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import {
  afterChange,
  hiddenOlder,
  jumped,
  type Reader,
  rested,
  type RowWindow,
  shiftNewer,
  shiftOlder,
  sliceOf,
  WINDOW_ROWS,
  windowAround,
  windowAtNewest,
  windowFrom,
} from "./scroll-anchor.ts";
import { mergeItems } from "./timeline.ts";

/** Rows in memory for a reader at the newest one. */
const RESTING_ROWS = 2 * WINDOW_ROWS;

type Items = readonly MessageItem[];

const keysOf = (items: Items): readonly string[] => items.map(({ key }) => key);

export class HeldRows {
  readonly items = signal<Items>([]);
  readonly #window = signal<RowWindow>({ newer: 0, shown: 0 });
  readonly mounted: ReadonlySignal<Items> = computed(() => sliceOf(this.items.value, this.#window.value));
  /** How many are not mounted, below and above those that are. */
  readonly below: ReadonlySignal<number> = computed(() => this.#window.value.newer);
  readonly above: ReadonlySignal<number> = computed(() => hiddenOlder(this.items.value.length, this.#window.value));

  indexOf(key: string): number {
    return this.items.peek().findIndex((item) => item.key === key);
  }

  /** Changed rows, in their places; what is mounted stays where the reader is. */
  merge(changes: Items, removed: readonly string[], reader: Reader): void {
    const before = this.items.peek();
    const items = mergeItems(before, changes, removed);
    this.items.value = items;
    this.#window.value =
      before.length === 0
        ? windowAtNewest(items.length)
        : afterChange(this.#window.peek(), keysOf(before), keysOf(items), reader);
  }

  /** Rows that were read for a reader who comes to their upper end. */
  addOlder(older: Items): void {
    this.items.value = mergeItems(this.items.peek(), older);
    this.mountOlder();
  }

  /** Lets go of what is far above the newest row. False: there is not so much. */
  keepNewest(): boolean {
    const items = this.items.peek();
    if (items.length <= RESTING_ROWS) return false;
    this.items.value = items.slice(-WINDOW_ROWS);
    return true;
  }

  /** Unmounts what a reader at the newest row has no need of. */
  rest(spare: number): void {
    this.#window.value = rested(this.#window.peek(), spare);
  }

  mountOlder(): void {
    this.#window.value = shiftOlder(this.#window.peek(), this.items.peek().length);
  }

  mountNewer(): void {
    this.#window.value = shiftNewer(this.#window.peek());
  }

  /** For a reader who begins at this row; undefined: at the newest one. */
  mountFrom(key: string | undefined): void {
    const total = this.items.peek().length;
    this.#window.value = key === undefined ? windowAtNewest(total) : windowFrom(this.indexOf(key), total);
  }

  mountAround(key: string): void {
    this.#window.value = windowAround(this.indexOf(key), this.items.peek().length);
  }

  /** For a reader who goes to the newest row. */
  mountNewest(): void {
    this.#window.value = jumped(this.#window.peek(), this.items.peek().length);
  }
}
