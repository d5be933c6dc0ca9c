/** The messages of a conversation that are in memory, and which of them are mounted: a bounded number, wherever the reader is. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { MessageItem, TimelinePage } from "../../engine/protocol/conversations.ts";
import type { Engine, EngineEvent } from "../../engine/protocol/engine.ts";
import {
  afterChange,
  hiddenOlder,
  jumped,
  type RowWindow,
  shiftNewer,
  shiftOlder,
  sliceOf,
  WINDOW_ROWS,
  windowAround,
  windowFrom,
  windowAtNewest,
} from "./scroll-anchor.ts";
import { firstUnreadIn, mergeItems, type Top } from "./timeline.ts";
import { joining, type Pause, topOf } from "./top.ts";

export type MessagesEvent = Extract<EngineEvent, { readonly type: "messages" }>;
type Loading = "first" | "older" | "newer" | undefined;

/** Pages of older rows that are read in search of one; what lies further up is not worth the wait. */
const SEARCHED_PAGES = 20;

/** Rows in memory for a reader at the newest one. */
const LOADED_ROWS = 2 * WINDOW_ROWS;

/** What stands between and behind these rows. */
export type Surroundings = {
  /** Where reading stopped: a line is drawn there, which must stay mounted. */
  readonly unreadAfter: () => Position | undefined;
  /** The engine has told of these rows: none stands in for one of them any more. */
  readonly settle: (changes: readonly MessageItem[]) => void;
};

const keysOf = (items: readonly MessageItem[]): readonly string[] => items.map(({ key }) => key);

export class LoadedRows {
  readonly #engine: Engine;
  readonly #chat: BareJid;
  readonly #around: Surroundings;
  readonly #items = signal<readonly MessageItem[]>([]);
  readonly #window = signal<RowWindow>({ newer: 0, shown: 0 });
  readonly #more = signal<TimelinePage["more"]>("here");
  /** The newest loaded row is not the newest of this browser: they were loaded around a place far up. */
  readonly #detached = signal(false);
  readonly #pause = signal<Pause | undefined>(undefined);
  readonly #beforeDevice = signal(0);
  readonly #elders = signal<readonly string[]>([]);
  readonly #loading = signal<Loading>("first");
  /** The newest row is in sight; set by the scroller. */
  readonly atBottom = signal(true);
  /** The lowest row that is in sight to its end; set by the scroller. */
  readonly seen = signal<string | undefined>(undefined);
  /** The row that the eye rests on; set by the scroller. */
  anchor: string | undefined;
  /** How many of the oldest mounted rows the screen has no need of; set by the scroller. */
  spare: number | undefined;

  constructor(engine: Engine, chat: BareJid, around: Surroundings) {
    this.#engine = engine;
    this.#chat = chat;
    this.#around = around;
  }

  /** Everything in memory, oldest first. */
  get items(): ReadonlySignal<readonly MessageItem[]> {
    return this.#items;
  }

  get loading(): ReadonlySignal<Loading> {
    return this.#loading;
  }

  /** Rows left out because they are older than this browser's device. */
  get beforeDevice(): ReadonlySignal<number> {
    return this.#beforeDevice;
  }

  /** Own browsers that may be able to read those. */
  get elders(): ReadonlySignal<readonly string[]> {
    return this.#elders;
  }

  readonly mounted: ReadonlySignal<readonly MessageItem[]> = computed(() =>
    sliceOf(this.#items.value, this.#window.value),
  );

  /** The loaded rows do not reach the newest one. */
  get detached(): boolean {
    return this.#detached.value;
  }

  /** The mounted rows do not. */
  readonly hasNewer: ReadonlySignal<boolean> = computed(() => this.#window.value.newer > 0 || this.#detached.value);

  /** What lies above the oldest mounted row. */
  get top(): Top {
    return topOf({
      hidden: hiddenOlder(this.#items.value.length, this.#window.value) > 0,
      more: this.#more.value,
      loading: this.#loading.value === "older",
      pause: this.#pause.value,
    });
  }

  /**
   * The row before which the line of the unread ones stands; undefined where there is none, or where it lies further up
   * than what is loaded.
   */
  readonly firstUnread: ReadonlySignal<string | undefined> = computed(() => {
    const after = this.#around.unreadAfter();
    const items = this.#items.value;
    const [oldest] = items;
    if (after === undefined || oldest === undefined) return undefined;
    if (oldest.position > after && this.#more.value === "here") return undefined;
    return firstUnreadIn(items, after)?.key;
  });

  /** The rows from the first unread one on, else the newest; those that are known already at once. */
  async open(): Promise<void> {
    const unreadAfter = this.#around.unreadAfter();
    batch(() => {
      this.#attach();
      this.#mountOpened();
      // With unread rows the scroller goes to the first of them and says itself whether the newest is in sight.
      this.atBottom.value = unreadAfter === undefined;
      this.seen.value = undefined;
      this.#pause.value = undefined;
    });
    const found = unreadAfter === undefined || this.firstUnread.peek() !== undefined;
    const page = await this.#engine.timeline({ chat: this.#chat, ...(!found && { downTo: unreadAfter }) });
    batch(() => {
      const [first] = page.items;
      const known = this.#items.peek();
      // More has come than a page holds while nobody told us: what is known does not join on.
      if (first !== undefined && page.more === "here" && !known.some(({ key }) => key === first.key))
        this.#items.value = known.filter(({ position }) => position >= first.position);
      const [oldest] = this.#items.peek();
      this.#merge(page.items, []);
      this.#beforeDevice.value = page.beforeDevice;
      this.#elders.value = page.elders ?? [];
      if (oldest === undefined || first === undefined || first.position <= oldest.position)
        this.#more.value = page.more;
      if (!found) this.#mountOpened();
      this.#loading.value = undefined;
    });
  }

  /** Rows from far up do not join on the newest ones. */
  #attach(): void {
    if (!this.#detached.peek()) return;
    this.#detached.value = false;
    this.#items.value = [];
    this.#loading.value = "first";
  }

  /** Rows around a message, wherever it is in this browser, and with them whatever `then` changes. False: it is not here. */
  async openAround(key: string, then: () => void): Promise<boolean> {
    if (this.#indexOf(key) !== -1) {
      batch(() => {
        this.mount(key);
        then();
      });
      return true;
    }
    const page = await this.#engine.timeline({ chat: this.#chat, around: key });
    if (!page.items.some((item) => item.key === key)) return false;
    batch(() => {
      this.#items.value = page.items;
      this.#window.value = windowAround(this.#indexOf(key), page.items.length);
      this.#more.value = page.more;
      this.#detached.value = page.newer === true;
      this.#beforeDevice.value = page.beforeDevice;
      this.#elders.value = page.elders ?? [];
      this.#pause.value = undefined;
      this.#loading.value = undefined;
      this.atBottom.value = false;
      this.seen.value = undefined;
      then();
    });
    return true;
  }

  #mountOpened(): void {
    const total = this.#items.peek().length;
    const unread = this.firstUnread.peek();
    this.#window.value = unread === undefined ? windowAtNewest(total) : windowFrom(this.#indexOf(unread), total);
  }

  /** Rows that changed, as the engine tells them. */
  apply(event: MessagesEvent): void {
    batch(() => {
      this.#beforeDevice.value = event.beforeDevice;
      // Before the first page is there, a lone row would look like the whole conversation.
      if (this.#loading.peek() !== "first")
        this.#merge(joining(this.#items.peek(), event.items, this.#more.peek(), this.#detached.peek()), event.removed);
    });
  }

  #merge(changes: readonly MessageItem[], removed: readonly string[]): void {
    const before = this.#items.peek();
    const items = mergeItems(before, changes, removed);
    this.#items.value = items;
    this.#window.value =
      before.length === 0
        ? windowAtNewest(items.length)
        : afterChange(this.#window.peek(), keysOf(before), keysOf(items), {
            atBottom: this.atBottom.peek(),
            anchor: this.anchor,
            spare: this.spare,
            unread: this.#around.unreadAfter() !== undefined,
          });
    this.#letGo();
    this.#around.settle(changes);
  }

  /** What lies far above a reader at the newest row is read again when it is wanted: a long day makes nothing slower. */
  #letGo(): void {
    const items = this.#items.peek();
    const resting = this.atBottom.peek() && !this.hasNewer.peek() && this.#loading.peek() === undefined;
    if (!resting || items.length <= LOADED_ROWS) return;
    this.#items.value = items.slice(-WINDOW_ROWS);
    this.#more.value = "here";
  }

  /** The next older rows: mounted when they are loaded, else read from this browser, else fetched from the archive. */
  async older(): Promise<void> {
    const items = this.#items.peek();
    if (hiddenOlder(items.length, this.#window.peek()) > 0) {
      this.#window.value = shiftOlder(this.#window.peek(), items.length);
      return;
    }
    if (this.#loading.peek() !== undefined) return;
    const more = this.#more.peek();
    switch (more) {
      case "none":
        return;
      case "here":
        this.#loading.value = "older";
        return this.#readOlder();
      case "server":
        return this.#pause.peek() === undefined ? this.fetchOlder() : undefined;
      default:
        missingCase(more);
    }
  }

  /** Asks the archive, also after it had nothing or could not be asked. */
  async fetchOlder(): Promise<void> {
    if (this.#loading.peek() !== undefined) return;
    batch(() => {
      this.#pause.value = undefined;
      this.#loading.value = "older";
    });
    const answer = await this.#engine.older({ chat: this.#chat });
    if (answer.ok) {
      if (!answer.value.found && !answer.value.complete) this.#pause.value = { state: "asking" };
      return this.#readOlder();
    }
    batch(() => {
      this.#pause.value = { state: "failed", failure: answer.error };
      this.#loading.value = undefined;
    });
  }

  /** Something stands again that was missing when the archive was asked. */
  connected(): void {
    if (this.#pause.peek()?.state === "failed") this.#pause.value = undefined;
  }

  async #readOlder(): Promise<void> {
    const [oldest] = this.#items.peek();
    const page = await this.#engine.timeline({
      chat: this.#chat,
      ...(oldest === undefined ? {} : { before: oldest.position }),
    });
    batch(() => {
      const merged = mergeItems(this.#items.peek(), page.items);
      this.#items.value = merged;
      this.#window.value = shiftOlder(this.#window.peek(), merged.length);
      this.#more.value = page.more;
      this.#beforeDevice.value = page.beforeDevice;
      this.#loading.value = undefined;
    });
  }

  /** Reads older rows from this browser until a message is among them. False: it is not here, or too far up. */
  async find(key: string): Promise<boolean> {
    for (let pages = 0; this.#indexOf(key) === -1; pages++) {
      if (pages === SEARCHED_PAGES || this.#more.peek() !== "here" || this.#loading.peek() !== undefined) return false;
      this.#loading.value = "older";
      await this.#readOlder();
    }
    return true;
  }

  /** Mounts a message that is in memory, with others around it. */
  mount(key: string): void {
    const shown = this.mounted.peek().some((item) => item.key === key);
    if (!shown) this.#window.value = windowAround(this.#indexOf(key), this.#items.peek().length);
  }

  #indexOf(key: string): number {
    return this.#items.peek().findIndex((item) => item.key === key);
  }

  /** The next newer rows: mounted when they are loaded, else read from this browser. */
  async newer(): Promise<void> {
    if (this.#window.peek().newer > 0) {
      this.#window.value = shiftNewer(this.#window.peek());
      return;
    }
    const newest = this.#items.peek().at(-1);
    if (!this.#detached.peek() || newest === undefined || this.#loading.peek() !== undefined) return;
    this.#loading.value = "newer";
    const page = await this.#engine.timeline({ chat: this.#chat, after: newest.position });
    // Somebody may have gone to the newest row meanwhile.
    if (this.#loading.peek() !== "newer") return;
    batch(() => {
      this.#detached.value = page.newer === true;
      this.#merge(page.items, []);
      this.#loading.value = undefined;
    });
  }

  /** Mounts the newest rows, however far away. */
  async jump(): Promise<void> {
    if (this.#detached.peek()) await this.open();
    this.#window.value = jumped(this.#window.peek(), this.#items.peek().length);
    this.atBottom.value = true;
  }
}
