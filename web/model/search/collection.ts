/** What a conversation has of pictures, files or links, as far as somebody has looked: asks a worker of its own for more. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { Collected, CollectedItem, SearchWorker } from "../../engine/protocol/search.ts";

/** A page: what a window shows of the smallest. */
const MOST = 60;

/** `reading`: more is coming. `more`: there may be more. */
export type CollectionState = "reading" | "more" | "whole" | "failed";

export class Collection {
  readonly #account: BareJid;
  readonly #of: { readonly chat: BareJid; readonly what: Collected };
  readonly #start: () => SearchWorker;
  readonly #items = signal<readonly CollectedItem[]>([]);
  readonly #state = signal<CollectionState>("reading");
  #worker: SearchWorker | undefined;
  #before: Position | undefined;
  #asked = 0;
  /** With how many there were when it was asked for. */
  #wanted = 0;

  constructor(account: BareJid, of: { readonly chat: BareJid; readonly what: Collected }, start: () => SearchWorker) {
    this.#account = account;
    this.#of = of;
    this.#start = start;
    this.#ask();
  }

  /** The newest first. */
  get items(): ReadonlySignal<readonly CollectedItem[]> {
    return this.#items;
  }

  get state(): ReadonlySignal<CollectionState> {
    return this.#state;
  }

  /** A page more, or the one that could not be read once again. */
  more(): void {
    const state = this.#state.peek();
    if (state === "more" || state === "failed") this.#ask();
  }

  /** Nobody looks any more. */
  end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#asked += 1;
  }

  #ask(): void {
    this.#state.value = "reading";
    this.#wanted = this.#items.peek().length + MOST;
    this.#worker ??= this.#begin();
    this.#post();
  }

  #post(): void {
    this.#asked += 1;
    const before = this.#before === undefined ? {} : { before: this.#before };
    const collect = { ...this.#of, most: this.#wanted - this.#items.peek().length, ...before };
    this.#worker?.postMessage({ id: this.#asked, account: this.#account, collect });
  }

  #begin(): SearchWorker {
    const worker = this.#start();
    worker.addEventListener("message", ({ data: { id, page } }) => {
      if (id !== this.#asked) return;
      if (page === undefined) {
        this.#state.value = "failed";
        return;
      }
      this.#before = page.before;
      if (page.items.length > 0) this.#items.value = [...this.#items.peek(), ...page.items];
      if (page.before === undefined) this.#state.value = "whole";
      else if (this.#items.peek().length >= this.#wanted) this.#state.value = "more";
      // It has looked at many messages, and there are more of them.
      else this.#post();
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.end();
      this.#state.value = "failed";
    });
    return worker;
  }
}
