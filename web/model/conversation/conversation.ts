/** One conversation on screen: its rows, what is being typed, what was typed a moment ago, how far it was read. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { BareJid, Position, Time } from "../../../worker/contract.ts";
import {
  type ChatSummary,
  type GapView,
  type MessageItem,
  NOTHING_READ,
  type TimelinePage,
} from "../../engine/protocol/conversations.ts";
import type { Engine, EngineEvent } from "../../engine/protocol/engine.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { type ShownItem, withCorrections } from "./corrections.ts";
import { answerableBeside, newestEditable, type Writable } from "./message-actions.ts";
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
  windowAtNewest,
} from "./scroll-anchor.ts";
import { Sending } from "./sending.ts";
import { countUnread, keepRows, mergeItems, newestIncoming, type Row, rowsOf } from "./timeline.ts";
import { joining, type Pause, topOf } from "./top.ts";
import { Writing } from "./writing.ts";

type Loading = "first" | "older" | undefined;
/** `quiet`: only into sight; else the eye and the focus are led there, too. */
export type Sought = { readonly key: string; readonly quiet: boolean };
type MessagesEvent = Extract<EngineEvent, { readonly type: "messages" }>;

const NO_GAPS: ReadonlySignal<readonly GapView[]> = signal([]);

/** Pages of older rows that are read in search of one; what lies further up is not worth the wait. */
const SEARCHED_PAGES = 20;

/** Rows in memory for a reader at the newest one. */
const LOADED_ROWS = 2 * WINDOW_ROWS;

const keysOf = (items: readonly MessageItem[]): readonly string[] => items.map(({ key }) => key);

export class Conversation {
  readonly chat: BareJid;
  readonly writing = new Writing();
  readonly sending: Sending;
  /** The newest row is in sight; set by the scroller. */
  readonly atBottom = signal(true);
  readonly #engine: Engine;
  readonly #items = signal<readonly MessageItem[]>([]);
  readonly #window = signal<RowWindow>({ newer: 0, shown: 0 });
  readonly #more = signal<TimelinePage["more"]>("here");
  readonly #pause = signal<Pause | undefined>(undefined);
  readonly #gaps: ReadonlySignal<readonly GapView[]>;
  readonly #beforeDevice = signal(0);
  readonly #loading = signal<Loading>("first");
  readonly #unreadAfter = signal<Position | undefined>(undefined);
  /** Grows when the scroller has to go to the newest row. */
  readonly jumps = signal(0);
  /** The row that was looked for last; the scroller brings it into sight. Each search is another object. */
  readonly sought = signal<Sought | undefined>(undefined);
  /** Grows when the conversation was entered: the scroller chooses where to begin. */
  readonly opened = signal(0);
  /** The row that the eye rests on; set by the scroller. */
  anchor: string | undefined;
  /** How many of the oldest mounted rows the screen has no need of; set by the scroller. */
  spare: number | undefined;
  #readSent: Position = NOTHING_READ;
  #lastRows: readonly Row[] = [];

  constructor(engine: Engine, chat: BareJid, now: () => Time, gaps = NO_GAPS) {
    this.#gaps = gaps;
    this.#engine = engine;
    this.chat = chat;
    this.sending = new Sending(engine, chat, now, () => this.#items.peek());
  }

  get loading(): ReadonlySignal<Loading> {
    return this.#loading;
  }

  /** Something stands here that the engine does not have: in the composer, or on its way to the engine. */
  readonly holdsText: ReadonlySignal<boolean> = computed(
    () => this.writing.text.value !== "" || this.sending.items.length > 0,
  );

  readonly rows: ReadonlySignal<readonly Row[]> = computed(() => {
    const window = this.#window.value;
    const mounted = [...sliceOf(this.#items.value, window), ...(window.newer === 0 ? this.sending.items : [])];
    const rows = rowsOf({
      items: withCorrections(mounted, this.#all()),
      unreadAfter: this.#unreadAfter.value,
      beforeDevice: this.#beforeDevice.value,
      chat: this.chat,
      top: topOf({
        hidden: hiddenOlder(this.#items.value.length, window) > 0,
        more: this.#more.value,
        loading: this.#loading.value === "older",
        pause: this.#pause.value,
      }),
      gaps: this.#gaps.value,
      toNewest: window.newer === 0,
    });
    this.#lastRows = keepRows(this.#lastRows, rows);
    return this.#lastRows;
  });

  /** The mounted rows do not reach the newest one. */
  readonly hasNewer: ReadonlySignal<boolean> = computed(() => this.#window.value.newer > 0);

  /** Shows the newest page; rows that are known already appear at once. The unread line is drawn where reading stopped. */
  async open(summary: ChatSummary | undefined): Promise<void> {
    batch(() => {
      this.#unreadAfter.value = summary !== undefined && summary.unread > 0 ? summary.readTo : undefined;
      this.#window.value = windowAtNewest(this.#items.peek().length, this.#unreadAfter.peek() !== undefined);
      // With unread rows the scroller goes to the first of them and says itself whether the newest is in sight.
      this.atBottom.value = this.#unreadAfter.value === undefined;
      this.#pause.value = undefined;
      this.opened.value++;
    });
    const page = await this.#engine.timeline({ chat: this.chat });
    batch(() => {
      const [first] = page.items;
      const known = this.#items.peek();
      // More has come than a page holds while nobody told us: what is known does not join on.
      if (first !== undefined && page.more === "here" && !known.some(({ key }) => key === first.key))
        this.#items.value = known.filter(({ position }) => position >= first.position);
      const [oldest] = this.#items.peek();
      this.#merge(page.items, []);
      this.#beforeDevice.value = page.beforeDevice;
      if (oldest === undefined || first === undefined || first.position <= oldest.position)
        this.#more.value = page.more;
      this.#loading.value = undefined;
    });
  }

  /** Rows that changed, as the engine tells them. */
  apply(event: MessagesEvent): void {
    batch(() => {
      this.#beforeDevice.value = event.beforeDevice;
      // Before the first page is there, a lone row would look like the whole conversation.
      if (this.#loading.peek() !== "first")
        this.#merge(joining(this.#items.peek(), event.items, this.#more.peek()), event.removed);
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
            unread: this.#unreadAfter.peek() !== undefined,
          });
    this.#letGo();
    this.sending.settle(changes);
  }

  /** What lies far above a reader at the newest row is read again when it is wanted: a long day makes nothing slower. */
  #letGo(): void {
    const items = this.#items.peek();
    const resting = this.atBottom.peek() && this.#window.peek().newer === 0 && this.#loading.peek() === undefined;
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
    const answer = await this.#engine.older({ chat: this.chat });
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
      chat: this.chat,
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

  /** Goes to a message of this conversation. False: it is not in this browser, or too far up. */
  async reveal(key: string, quiet = false): Promise<boolean> {
    const at = () => this.#items.peek().findIndex((item) => item.key === key);
    for (let pages = 0; at() === -1; pages++) {
      if (pages === SEARCHED_PAGES || this.#more.peek() !== "here" || this.#loading.peek() !== undefined) return false;
      this.#loading.value = "older";
      await this.#readOlder();
    }
    batch(() => {
      const total = this.#items.peek().length;
      const shown = sliceOf(this.#items.peek(), this.#window.peek()).some((item) => item.key === key);
      if (!shown) this.#window.value = windowAround(at(), total);
      this.sought.value = { key, quiet };
    });
    return true;
  }

  newer(): void {
    if (this.#window.peek().newer > 0) this.#window.value = shiftNewer(this.#window.peek());
  }

  /** To the newest row, however far away. */
  jump(): void {
    batch(() => {
      this.#window.value = jumped(this.#window.peek(), this.#items.peek().length);
      this.atBottom.value = true;
      this.jumps.value++;
    });
  }

  /** Sends what is in the composer. The bubble stands, or has its new text, before the engine has answered. */
  async send(encrypted: boolean): Promise<void> {
    const written = this.writing.take();
    if (written === undefined) return;
    await batch(() => {
      if (written.mode.kind !== "edit") {
        this.#unreadAfter.value = undefined;
        this.jump();
      }
      return this.sending.send(written, encrypted);
    });
  }

  #all(): readonly MessageItem[] {
    return [...this.#items.value, ...this.sending.items];
  }

  #shown(): readonly ShownItem[] {
    return withCorrections(this.#all(), this.#all());
  }

  /** Begins to edit the newest own message that can be. False: there is none. */
  editLast(writable: Writable): boolean {
    const last = newestEditable(this.#shown(), writable);
    if (last !== undefined) this.writing.edit(last);
    return last !== undefined;
  }

  /** Answers the message before (`-1`) or after the one that is answered; after the newest comes none. */
  answerNext(step: -1 | 1, writable: Writable): void {
    const mode = this.writing.mode.peek();
    const next = answerableBeside(this.#shown(), mode.kind === "answer" ? mode.to.key : undefined, step, writable);
    if (next !== undefined) this.writing.answer(next);
    else if (step === 1) this.writing.leaveAnswer();
  }

  /** Messages of others below what was read. */
  unread(readTo: Position): number {
    return countUnread(this.#items.value, Math.max(readTo, this.#readSent) as Position);
  }

  /** Everything in sight was seen. Tells the engine once per position. */
  async markRead(readTo: Position): Promise<void> {
    const newest = newestIncoming(this.#items.value);
    if (newest === undefined || newest.position <= Math.max(readTo, this.#readSent)) return;
    this.#readSent = newest.position;
    await this.#engine.read({ chat: this.chat, position: newest.position });
  }

  /** Something arrived while nobody looked: from here on it is unread. */
  divide(readTo: Position): void {
    if (this.#unreadAfter.peek() === undefined) this.#unreadAfter.value = Math.max(readTo, this.#readSent) as Position;
  }
}
