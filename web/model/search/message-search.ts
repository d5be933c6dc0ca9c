/** Asks the worker of the search, and holds what it has found last. The worker goes when nobody has asked for a while. */
import { signal } from "@preact/signals-core";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import type { SearchAnswer, SearchHit, SearchQuery, SearchWorker } from "../../engine/protocol/search.ts";
import type { App } from "../app.ts";

/** `found` stays while the next question is worked on. */
export type Found =
  | { readonly state: "idle" }
  | { readonly state: "searching" }
  | { readonly state: "found"; readonly answer: SearchAnswer; readonly query: SearchQuery }
  | { readonly state: "failed" };

const IDLE_MS = 60_000;

export class MessageSearch {
  readonly found = signal<Found>({ state: "idle" });
  readonly #account: BareJid;
  readonly #start: () => SearchWorker;
  #worker: SearchWorker | undefined;
  #asked = 0;
  #query: SearchQuery | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(account: BareJid, start: () => SearchWorker) {
    this.#account = account;
    this.#start = start;
  }

  /** The newest so many of what fits; undefined: nothing is looked for. An earlier question is given up. */
  ask(query: SearchQuery | undefined, limit: number): void {
    this.#asked += 1;
    this.#query = query;
    this.#rest();
    if (query === undefined) {
      this.found.value = { state: "idle" };
      return;
    }
    if (this.found.peek().state !== "found") this.found.value = { state: "searching" };
    this.#worker ??= this.#begin();
    this.#worker.postMessage({ id: this.#asked, account: this.#account, query, limit });
  }

  /** Somebody is about to ask: the texts are read meanwhile. */
  warm(): void {
    this.#rest();
    if (this.#worker !== undefined) return;
    this.#worker = this.#begin();
    this.#worker.postMessage({ id: 0, account: this.#account, query: { words: [], chats: [] }, limit: 0 });
  }

  #begin(): SearchWorker {
    const worker = this.#start();
    worker.addEventListener("message", ({ data: { id, answer } }) => {
      if (id !== this.#asked || this.#query === undefined) return;
      this.found.value = answer === undefined ? { state: "failed" } : { state: "found", answer, query: this.#query };
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.found.value = { state: "failed" };
      this.close();
    });
    return worker;
  }

  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), IDLE_MS);
  }

  /** Its memory is let go; the next question begins another one. */
  close(): void {
    clearTimeout(this.#idle);
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** Each may ask while another does. */
type Asker = "list" | "switcher" | "date";

const searches = new WeakMap<App, Map<Asker, MessageSearch>>();

/**
 * The search of whoever is signed in, warm for a minute after it was used last. Undefined where nobody is, or where there is
 * no worker.
 */
export function searchOf(app: App, asker: Asker): MessageSearch | undefined {
  const account = app.account.peek();
  if (account === undefined || app.workers.search === undefined) return undefined;
  const here = searches.get(app) ?? new Map<Asker, MessageSearch>();
  searches.set(app, here);
  const known = here.get(asker);
  if (known !== undefined) return known;
  const search = new MessageSearch(account, app.workers.search);
  here.set(asker, search);
  // Nothing of an account stays in memory behind its end.
  const end = app.account.subscribe((now) => {
    if (now === account) return;
    search.ask(undefined, 0);
    search.close();
    here.delete(asker);
    queueMicrotask(() => end());
  });
  return search;
}

/** The first message of a conversation from a time on. */
export function firstSince(app: App, chat: BareJid, since: Time): Promise<SearchHit | "none" | "failed"> {
  const search = searchOf(app, "date");
  if (search === undefined) return Promise.resolve("failed");
  search.ask(undefined, 0);
  search.ask({ words: [], chats: [chat], since, oldest: true }, 1);
  return new Promise((resolve) => {
    const end = search.found.subscribe((found) => {
      if (found.state === "searching" || found.state === "idle") return;
      resolve(found.state === "found" ? (found.answer.hits[0] ?? "none") : "failed");
      queueMicrotask(() => end());
    });
  });
}
