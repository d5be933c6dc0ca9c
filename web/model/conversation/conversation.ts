/** One conversation on screen: its rows, what is being typed, what was typed a moment ago, how far it was read. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { BareJid, Position, Time } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { type ChatSummary, type GapView, type MessageItem, NOTHING_READ } from "../../engine/protocol/conversations.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import { type ShownItem, withCorrections } from "./corrections.ts";
import { KeptDraft } from "./kept-draft.ts";
import { LoadedRows, type MessagesEvent } from "./loaded-rows.ts";
import { answerableBeside, newestEditable, type Writable } from "./message-actions.ts";
import { Sending } from "./sending.ts";
import type { Row } from "./row.ts";
import { keepRows, newestIncoming, rowsOf } from "./timeline.ts";
import { TypingTeller } from "./typing.ts";
import { type Beside, Writing, type Written } from "./writing.ts";

/** `quiet`: only into sight; else the eye and the focus are led there, too. */
export type Sought = { readonly key: string; readonly quiet: boolean };

/** Whoever scrolls reads many rows: so often the engine, and with it the other side, is told how far. */
const READING_PAUSE_MS = 250;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const NO_GAPS: ReadonlySignal<readonly GapView[]> = signal([]);

export class Conversation {
  readonly chat: BareJid;
  readonly writing = new Writing();
  readonly kept: KeptDraft;
  readonly typing: TypingTeller;
  readonly sending: Sending;
  readonly loaded: LoadedRows;
  /** The message whose picture is looked at, by key; undefined: nobody looks at one. */
  readonly viewing = signal<string | undefined>(undefined);
  /** Files that wait in the tray. */
  readonly chosenFiles = signal<readonly File[]>([]);
  /** A voice message is being recorded here, or waits to be sent. */
  readonly speaking = signal(false);
  /** Several messages that are chosen, by key (`selection.ts`); undefined: nobody is choosing. */
  readonly chosen = signal<ReadonlyMap<string, ShownItem> | undefined>(undefined);
  readonly #engine: Engine;
  readonly #gaps: ReadonlySignal<readonly GapView[]>;
  readonly #unreadAfter = signal<Position | undefined>(undefined);
  /** Grows when the scroller has to go to the newest row. */
  readonly jumps = signal(0);
  /** The row that was looked for last; the scroller brings it into sight. Each search is another object. */
  readonly sought = signal<Sought | undefined>(undefined);
  /** Grows when the conversation was entered: the scroller chooses where to begin. */
  readonly opened = signal(0);
  #readSent: Position = NOTHING_READ;
  #telling = false;
  #lastRows: readonly Row[] = [];

  constructor(engine: Engine, chat: BareJid, now: () => Time, gaps = NO_GAPS) {
    this.#gaps = gaps;
    this.#engine = engine;
    this.chat = chat;
    this.loaded = new LoadedRows(engine, chat, {
      unreadAfter: () => this.#unreadAfter.value,
      settle: (changes) => this.sending.settle(changes),
    });
    this.typing = new TypingTeller((state) => drop(engine.typing({ chat, state })));
    this.kept = new KeptDraft(engine, chat, this.writing);
    this.sending = new Sending(engine, chat, now, () => this.loaded.items.peek());
  }

  /** Something stands here that would be lost with the page, or somebody is in the middle of it. */
  readonly holdsText: ReadonlySignal<boolean> = computed(
    () =>
      this.kept.busy.value ||
      this.writing.mode.value.kind === "edit" ||
      this.sending.items.length > 0 ||
      this.chosenFiles.value.length > 0 ||
      this.speaking.value,
  );

  readonly rows: ReadonlySignal<readonly Row[]> = computed(() => {
    const toNewest = !this.loaded.hasNewer.value;
    const mounted = [...this.loaded.mounted.value, ...(toNewest ? this.sending.items : [])];
    const rows = rowsOf({
      items: withCorrections(mounted, this.#all()),
      firstUnread: this.loaded.firstUnread.value,
      beforeDevice: this.loaded.beforeDevice.value,
      elders: this.loaded.elders.value,
      chat: this.chat,
      top: this.loaded.top,
      gaps: this.#gaps.value,
      toNewest,
      before: this.#lastRows,
    });
    this.#lastRows = keepRows(this.#lastRows, rows);
    return this.#lastRows;
  });

  /** Shows a message, wherever it is in this browser; where it is not, or none is named, where reading stopped, which a line marks, else the newest page; rows that are known already appear at once. */
  async open(summary: ChatSummary | undefined, at?: string): Promise<void> {
    this.kept.restore(summary?.draft);
    if (summary !== undefined) this.kept.hear(summary);
    this.#unreadAfter.value = summary !== undefined && summary.unread > 0 ? summary.readTo : undefined;
    if (at !== undefined && (await this.seek(at))) return;
    await batch(() => {
      this.sought.value = undefined;
      this.opened.value++;
      return this.loaded.open();
    });
    const { reply, text } = summary?.draft ?? {};
    if (reply === undefined || this.writing.text.peek() !== text || this.writing.mode.peek().kind !== "message") return;
    const known = await this.loaded.read(reply);
    const answered = this.shown().find(({ key }) => key === reply) ?? known;
    if (answered !== undefined && this.writing.text.peek() === text) this.writing.answer(answered);
  }

  /** Rows that changed, as the engine tells them. */
  apply(event: MessagesEvent): void {
    this.loaded.apply(event);
  }

  /**
   * Goes to a message of this conversation: at once where it is in memory, else straight to those around it. False: it is not
   * in this browser, or for a `quiet` one not in memory.
   */
  async reveal(key: string, quiet = false): Promise<boolean> {
    if (!this.loaded.holds(key)) return !quiet && this.seek(key);
    batch(() => {
      this.loaded.mount(key);
      this.sought.value = { key, quiet };
    });
    return true;
  }

  /** Goes to a message at once, however far up: rows are loaded around it. False: it is not in this browser. */
  seek(key: string): Promise<boolean> {
    return this.loaded.openAround(key, () => {
      this.sought.value = { key, quiet: false };
    });
  }

  /** To the newest row, however far away. */
  async jump(): Promise<void> {
    await batch(() => {
      this.jumps.value++;
      return this.loaded.jump();
    });
  }

  /** Sends what is in the composer. The bubble stands, or has its new text, before the engine has answered. */
  async send(encrypted: boolean): Promise<void> {
    const written = this.writing.take();
    if (written === undefined) return;
    this.typing.sent();
    await this.#send(written, encrypted);
  }

  async #send(written: Written, encrypted: boolean): Promise<void> {
    await batch(() => {
      if (written.mode.kind !== "edit") {
        this.#unreadAfter.value = undefined;
        drop(this.jump());
      }
      return this.sending.send(written, encrypted);
    });
  }

  /** Sends a text that was not written here. It is in sight, for what cannot be sent says so where it stands. */
  say(text: string, encrypted: boolean, beside: Beside = {}): Promise<void> {
    return this.#send({ text, mode: { kind: "message" }, ...beside }, encrypted);
  }

  #all(): readonly MessageItem[] {
    return [...this.loaded.items.value, ...this.sending.items];
  }

  /** All in memory, as they are shown, oldest first. */
  shown(): readonly ShownItem[] {
    return withCorrections(this.#all(), this.#all());
  }

  /** Begins to edit the newest own message that can be. False: there is none. */
  editLast(writable: Writable): boolean {
    if (this.loaded.detached) return false;
    const last = newestEditable(this.shown(), writable);
    if (last !== undefined) this.writing.edit(last);
    return last !== undefined;
  }

  /** Answers the message before (`-1`) or after the one that is answered; after the newest comes none. */
  answerNext(step: -1 | 1, writable: Writable): void {
    const mode = this.writing.mode.peek();
    const next = answerableBeside(this.shown(), mode.kind === "answer" ? mode.to.key : undefined, step, writable);
    if (next !== undefined) this.writing.answer(next);
    else if (step === 1) this.writing.leaveAnswer();
  }

  /** What is in sight was seen, and all above it. Tells the engine once per position, and not of each row on the way. */
  async markRead(readTo: Position): Promise<void> {
    const { items, loading, seen, atBottom, hasNewer } = this.loaded;
    if (loading.value === "first") return;
    const lowest = items.value.find(({ key }) => key === seen.value)?.position ?? NOTHING_READ;
    const upTo = atBottom.value && !hasNewer.value ? (Number.POSITIVE_INFINITY as Position) : lowest;
    const newest = newestIncoming(items.value, upTo);
    if (newest === undefined || newest.position <= Math.max(readTo, this.#readSent)) return;
    this.#readSent = newest.position;
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let told = NOTHING_READ; told < this.#readSent; ) {
        told = this.#readSent;
        await this.#engine.read({ chat: this.chat, position: told });
        await pause(READING_PAUSE_MS);
      }
    } finally {
      this.#telling = false;
    }
  }

  /** The newest row is in sight, so whatever comes is. */
  get isReadToEnd(): boolean {
    const { loading, atBottom, hasNewer } = this.loaded;
    return loading.peek() !== "first" && atBottom.peek() && !hasNewer.peek();
  }

  /** Something arrived while nobody looked: from here on it is unread. */
  divide(readTo: Position): void {
    if (this.#unreadAfter.peek() === undefined) this.#unreadAfter.value = Math.max(readTo, this.#readSent) as Position;
  }
}
