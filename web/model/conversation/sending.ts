/** Messages between the composer and the engine: each has a row at once, and one row when the engine knows it. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { BareJid, ClientId, Time } from "../../../worker/contract.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { Engine, MessageItem } from "../../engine/protocol.ts";
import { type Pending, pendingItem, reconcile } from "./pending.ts";
import type { Mode, Written } from "./writing.ts";

export class Sending {
  readonly #engine: Engine;
  readonly #chat: BareJid;
  readonly #now: () => Time;
  readonly #known: () => readonly MessageItem[];
  readonly #pending = signal<readonly Pending[]>([]);
  readonly #claims = signal<ReadonlyMap<string, string>>(new Map());
  readonly #items = computed(() => this.#pending.value.map((pending) => pendingItem(this.#chat, pending)));
  #typed = 0;

  /** `known`: the rows of the conversation that the engine has told of. */
  constructor(engine: Engine, chat: BareJid, now: () => Time, known: () => readonly MessageItem[]) {
    this.#engine = engine;
    this.#chat = chat;
    this.#now = now;
    this.#known = known;
  }

  /** By the engine's key, the name that a row had before. */
  get claims(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.#claims;
  }

  /** Rows of what the engine has not told of; whoever reads them in a computed signal is told of changes. */
  get items(): readonly MessageItem[] {
    return this.#items.value;
  }

  /** The row stands when this returns; the promise settles when the engine has taken it or refused. */
  async send({ text, mode }: Written, encrypted: boolean): Promise<void> {
    return this.#send({ text, encrypted, ...referenceOf(mode) });
  }

  async #send(written: Pick<Pending, "text" | "encrypted" | "edits" | "quote">): Promise<void> {
    const local = `typed-${this.#chat}-${this.#typed++}`;
    const own = this.#known().filter(({ outgoing }) => outgoing);
    const before = new Set(own.map(({ key }) => key));
    this.#pending.value = [...this.#pending.peek(), { ...written, local, before, at: this.#now() }];
    const { text, edits, quote } = written;
    const about = {
      ...(edits !== undefined && { replaces: edits }),
      ...(quote?.key !== undefined && { reply: quote.key }),
    };
    const answer = await this.#engine.send({ chat: this.#chat, text, ...about });
    if (!answer.ok) {
      this.#pending.value = this.#pending
        .peek()
        .map((row) => (row.local === local ? { ...row, failure: answer.error } : row));
      return;
    }
    // The row of a correction may have come and gone already; the engine has it either way.
    if (edits !== undefined || this.#isKnown(answer.value.client)) this.#forget(local);
  }

  /** The engine names its row after the client id or tells it in an event; either way one bubble is left. */
  #isKnown(client: ClientId): boolean {
    return this.#claims.peek().has(client) || this.#known().some(({ key }) => key === client);
  }

  #forget(local: string): void {
    this.#pending.value = this.#pending.peek().filter((row) => row.local !== local);
  }

  /** Rows the engine has told of: those that stood in for them are over. */
  settle(changes: readonly MessageItem[]): void {
    const settled = reconcile(this.#pending.peek(), changes);
    if (settled.claims.size === 0) return;
    this.#pending.value = settled.pending;
    this.#claims.value = new Map([...this.#claims.peek(), ...settled.claims]);
  }

  /** Sends a failed message once more: the engine's own, or one that never reached it. */
  async retry(key: string): Promise<void> {
    const pending = this.#pending.peek().find(({ local }) => local === key);
    if (pending === undefined) return this.#engine.retry({ key });
    this.#forget(key);
    const { text, encrypted, edits, quote } = pending;
    return this.#send({ text, encrypted, ...(edits !== undefined && { edits }), ...(quote && { quote }) });
  }

  /** Forgets a failed message. */
  async discard(key: string): Promise<void> {
    if (!this.#pending.peek().some(({ local }) => local === key)) return this.#engine.discard({ key });
    this.#forget(key);
  }
}

function referenceOf(mode: Mode): Pick<Pending, "edits" | "quote"> {
  switch (mode.kind) {
    case "message":
      return {};
    case "edit":
      return { edits: mode.of.key };
    case "answer": {
      const { key, outgoing, body, author } = mode.to;
      const words = body.kind === "text" ? { text: body.text } : {};
      return { quote: { key, outgoing, ...words, ...(author && { author: author.nick }) } };
    }
    default:
      return missingCase(mode);
  }
}
