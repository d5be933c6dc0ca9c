/** The search at the head of the list: what is typed and chosen there becomes a question, asked again when messages come or go. */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { SearchQuery } from "../../engine/protocol/search.ts";
import type { App } from "../app.ts";
import type { SearchFilter } from "../places.ts";
import { type MessageSearch, searchOf } from "./message-search.ts";
import { openFilter, parseTyped, queryOf, takeFilters, type Typed, withoutOpenFilter } from "./query.ts";
import { wordOf } from "./filter-words.ts";

/** Whoever types presses several keys a second. */
const KEYS_MS = 40;
/** What was written meanwhile can wait longer than what was typed. */
const NEWS_MS = 400;
const FIRST_HITS = 30;
const MORE_HITS = 60;

export class Finding {
  readonly search: MessageSearch | undefined;
  readonly limit = signal(FIRST_HITS);
  readonly typed: ReadonlySignal<Typed>;
  /** The filter of somebody, or of a conversation, that is being typed now. */
  readonly open: ReadonlySignal<SearchFilter | undefined>;
  readonly #app: App;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
    this.search = searchOf(app, "list");
    this.open = computed(() => openFilter(app.filter.value));
    this.typed = computed(() => {
      const { words, filters } = parseTyped(app.filter.value);
      return { words, filters: [...app.filters.value, ...filters] };
    });
  }

  /** Begins to ask; the function that is returned ends it. */
  start(): () => void {
    const ends = [
      effect(() => this.#take()),
      effect(() => {
        void this.typed.value;
        this.limit.value = FIRST_HITS;
      }),
      effect(() => {
        void this.typed.value;
        void this.limit.value;
        this.#soon(KEYS_MS);
      }),
      this.#app.engine.onEvent(({ type }) => {
        if (type === "messages" && this.#timer === undefined) this.#soon(NEWS_MS);
      }),
    ];
    return () => {
      for (const end of ends) end();
      clearTimeout(this.#timer);
      this.search?.ask(undefined, 0);
    };
  }

  /** A filter that is typed to its end becomes a chip. */
  #take(): void {
    const typed = this.#app.filter.value;
    const { taken, rest } = takeFilters(typed);
    if (taken.length > 0) this.#set(rest, taken);
  }

  #set(typed: string, added: readonly SearchFilter[]): void {
    const kept = this.#app.filters
      .peek()
      .filter(({ kind, value }) => !added.some((one) => one.kind === kind && one.value === value));
    batch(() => {
      this.#app.filters.value = [...kept, ...added];
      this.#app.filter.value = typed;
    });
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.search?.ask(this.#query(), this.limit.peek());
    }, ms);
  }

  #query(): SearchQuery | undefined {
    const { chats, account } = this.#app;
    return queryOf(this.typed.peek(), { chats: chats.peek(), account: account.peek() });
  }

  /** Puts a filter in the place of the one that is being typed, or besides. */
  add(filter: SearchFilter): void {
    const typed = this.#app.filter.peek();
    this.#set(openFilter(typed) === undefined ? typed : withoutOpenFilter(typed), [filter]);
  }

  remove(filter: SearchFilter): void {
    this.#app.filters.value = this.#app.filters.peek().filter((one) => one !== filter);
  }

  /** Begins to type a filter. */
  begin(kind: SearchFilter["kind"], value = ""): void {
    const typed = this.#app.filter.peek().trimEnd();
    this.#app.filter.value = `${typed}${typed === "" ? "" : " "}${wordOf(kind)}:${value}`;
  }

  more(): void {
    this.limit.value += MORE_HITS;
  }
}
