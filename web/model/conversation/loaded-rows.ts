/** Reads the rows of a conversation from the engine, page by page, as the reader comes to them. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { MessageItem, TimelinePage } from "../../engine/protocol/conversations.ts";
import type { Engine, EngineEvent } from "../../engine/protocol/engine.ts";
import { HeldRows } from "./held-rows.ts";
import type { RowEdge } from "./scroll-anchor.ts";
import { firstUnreadIn, type Top } from "./timeline.ts";
import { joining, type Pause, topOf } from "./top.ts";

export type MessagesEvent = Extract<EngineEvent, { readonly type: "messages" }>;
type Loading = "first" | "older" | "newer" | undefined;

/** What stands between and behind these rows. */
export type Surroundings = {
  /** Where reading stopped: a line is drawn there, which must stay mounted. */
  readonly unreadAfter: () => Position | undefined;
  /** The engine has told of these rows: none stands in for one of them any more. */
  readonly settle: (changes: readonly MessageItem[]) => void;
};

export class LoadedRows {
  readonly #engine: Engine;
  readonly #chat: BareJid;
  readonly #around: Surroundings;
  readonly #held = new HeldRows();
  /** Everything in memory, oldest first. */
  readonly items: ReadonlySignal<readonly MessageItem[]> = this.#held.items;
  readonly mounted: ReadonlySignal<readonly MessageItem[]> = this.#held.mounted;
  readonly #more = signal<TimelinePage["more"]>("here");
  /** The newest loaded row is not the newest of this browser: they were loaded around a place far up. */
  readonly #detached = signal(false);
  readonly #pause = signal<Pause | undefined>(undefined);
  readonly #beforeDevice = signal(0);
  readonly #elders = signal<readonly string[]>([]);
  readonly #loading = signal<Loading>("first");
  readonly loading: ReadonlySignal<Loading> = this.#loading;
  /** Rows left out because they are older than this browser's device, and own browsers that may be able to read those. */
  readonly beforeDevice: ReadonlySignal<number> = this.#beforeDevice;
  readonly elders: ReadonlySignal<readonly string[]> = this.#elders;
  /** How often somebody wanted to be elsewhere, and how often other rows took the place of all: answers from before are dropped. */
  #wishes = 0;
  #replaced = 0;
  /** The newest row is in sight; set by the scroller. */
  readonly atBottom = signal(true);
  /** The lowest row that is in sight to its end; set by the scroller. */
  readonly seen = signal<string | undefined>(undefined);
  /** The row that the eye rests on; set by the scroller. */
  anchor: string | undefined;
  /** Where the reader was who went elsewhere: the rows that were in sight; set by the scroller, empty at the newest row. */
  left: readonly RowEdge[] = [];

  constructor(engine: Engine, chat: BareJid, around: Surroundings) {
    this.#engine = engine;
    this.#chat = chat;
    this.#around = around;
  }

  /** The loaded rows do not reach the newest one. */
  get detached(): boolean {
    return this.#detached.value;
  }

  /** The mounted rows do not. */
  readonly hasNewer: ReadonlySignal<boolean> = computed(() => this.#held.below.value > 0 || this.#detached.value);

  /** What lies above the oldest mounted row. */
  get top(): Top {
    return topOf({
      hidden: this.#held.above.value > 0,
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
    const items = this.#held.items.value;
    const [oldest] = items;
    if (after === undefined || oldest === undefined) return undefined;
    if (oldest.position > after && this.#more.value === "here") return undefined;
    return firstUnreadIn(items, after)?.key;
  });

  /**
   * The rows from the first unread one on, else those where the reader was, else the newest; those that are known already at
   * once.
   */
  async open(): Promise<void> {
    this.#wishes += 1;
    const unreadAfter = this.#around.unreadAfter();
    const left = unreadAfter === undefined ? this.left.find(({ key }) => this.#held.indexOf(key) !== -1) : undefined;
    if (left !== undefined) {
      // All is as it was left. What came in meanwhile may not join on: it is read when somebody comes to it.
      this.mount(left.key);
      this.#detached.value = true;
      this.atBottom.value = false;
      return;
    }
    this.left = [];
    batch(() => {
      this.#attach();
      this.#held.mountFrom(this.firstUnread.peek());
      // With unread rows the scroller goes to the first of them and says itself whether the newest is in sight.
      this.atBottom.value = unreadAfter === undefined;
      this.seen.value = undefined;
      this.#pause.value = undefined;
    });
    const found = unreadAfter === undefined || this.firstUnread.peek() !== undefined;
    const page = await this.#read(!found ? { downTo: unreadAfter } : {});
    if (page === undefined) return;
    batch(() => {
      const [first] = page.items;
      const known = this.#held.items.peek();
      // More has come than a page holds while nobody told us: what is known does not join on.
      if (first !== undefined && page.more === "here" && !known.some(({ key }) => key === first.key))
        this.#held.items.value = known.filter(({ position }) => position >= first.position);
      const [oldest] = this.#held.items.peek();
      this.#merge(page.items, []);
      this.#beforeDevice.value = page.beforeDevice;
      this.#elders.value = page.elders ?? [];
      if (oldest === undefined || first === undefined || first.position <= oldest.position)
        this.#more.value = page.more;
      if (!found) this.#held.mountFrom(this.firstUnread.peek());
      this.#loading.value = undefined;
    });
  }

  /** Undefined: the rows that it would join on to are gone, for somebody has gone elsewhere. */
  async #read(wanted: Omit<Parameters<Engine["timeline"]>[0], "chat">): Promise<TimelinePage | undefined> {
    const replaced = this.#replaced;
    const page = await this.#engine.timeline({ chat: this.#chat, ...wanted });
    return this.#replaced === replaced ? page : undefined;
  }

  /** Rows from far up do not join on the newest ones. */
  #attach(): void {
    if (!this.#detached.peek()) return;
    this.#detached.value = false;
    this.#replaced += 1;
    this.#held.items.value = [];
    this.#loading.value = "first";
  }

  /** Rows around a message, wherever it is in this browser, and with them whatever `then` changes. False: it is not here. */
  async openAround(key: string, then: () => void): Promise<boolean> {
    if (this.#held.indexOf(key) !== -1) {
      batch(() => {
        this.mount(key);
        then();
      });
      return true;
    }
    this.left = [];
    this.#wishes += 1;
    const wish = this.#wishes;
    const page = await this.#engine.timeline({ chat: this.#chat, around: key });
    if (!page.items.some((item) => item.key === key)) return false;
    if (this.#wishes !== wish) return true;
    batch(() => {
      this.#replaced += 1;
      this.#held.items.value = page.items;
      this.#held.mountAround(key);
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

  /** Rows that changed, as the engine tells them. */
  apply(event: MessagesEvent): void {
    batch(() => {
      this.#beforeDevice.value = event.beforeDevice;
      // Before the first page is there, a lone row would look like the whole conversation.
      if (this.#loading.peek() !== "first")
        this.#merge(
          joining(this.#held.items.peek(), event.items, this.#more.peek(), this.#detached.peek()),
          event.removed,
        );
    });
  }

  #merge(changes: readonly MessageItem[], removed: readonly string[]): void {
    this.#held.merge(changes, removed, { atBottom: this.atBottom.peek(), anchor: this.anchor });
    this.#letGo();
    this.#around.settle(changes);
  }

  /** Nobody looks at anything above the newest rows, or is about to. */
  get #resting(): boolean {
    return this.atBottom.peek() && !this.hasNewer.peek() && this.#loading.peek() === undefined;
  }

  /** What lies far above a reader at the newest row is read again when it is wanted: a long day makes nothing slower. */
  #letGo(): void {
    if (this.#resting && this.#held.keepNewest()) this.#more.value = "here";
  }

  /** `spare`: how many of the oldest mounted rows the screen has no need of. The line of the unread ones stays. */
  rest(spare: number): void {
    if (this.#resting && this.#around.unreadAfter() === undefined) this.#held.rest(spare);
  }

  /** The next older rows: mounted when they are loaded, else read from this browser, else fetched from the archive. */
  async older(): Promise<void> {
    if (this.#held.above.peek() > 0) {
      this.#held.mountOlder();
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
    const replaced = this.#replaced;
    const answer = await this.#engine.older({ chat: this.#chat });
    if (this.#replaced !== replaced) return;
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
    const [oldest] = this.#held.items.peek();
    const page = await this.#read(oldest === undefined ? {} : { before: oldest.position });
    if (page === undefined) return;
    batch(() => {
      this.#held.addOlder(page.items);
      this.#more.value = page.more;
      this.#beforeDevice.value = page.beforeDevice;
      this.#loading.value = undefined;
    });
  }

  /** Whether a message is in memory. */
  holds(key: string): boolean {
    return this.#held.indexOf(key) !== -1;
  }

  /** A message as it is in this browser, wherever; undefined: it is not here. */
  async read(key: string): Promise<MessageItem | undefined> {
    const held = this.items.peek()[this.#held.indexOf(key)];
    if (held !== undefined) return held;
    const { items } = await this.#engine.timeline({ chat: this.#chat, around: key });
    return items.find((item) => item.key === key);
  }

  /** Mounts a message that is in memory, with others around it. */
  mount(key: string): void {
    const shown = this.mounted.peek().some((item) => item.key === key);
    if (!shown) this.#held.mountAround(key);
  }

  /** The next newer rows: mounted when they are loaded, else read from this browser. */
  async newer(): Promise<void> {
    if (this.#held.below.peek() > 0) {
      this.#held.mountNewer();
      return;
    }
    const newest = this.#held.items.peek().at(-1);
    if (!this.#detached.peek() || newest === undefined || this.#loading.peek() !== undefined) return;
    this.#loading.value = "newer";
    const page = await this.#read({ after: newest.position });
    if (page === undefined) return;
    batch(() => {
      this.#detached.value = page.newer === true;
      this.#merge(page.items, []);
      this.#loading.value = undefined;
    });
  }

  /** Mounts the newest rows, however far away. */
  async jump(): Promise<void> {
    this.left = [];
    if (this.#detached.peek()) await this.open();
    this.#held.mountNewest();
    this.atBottom.value = true;
  }
}
