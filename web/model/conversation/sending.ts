/** Messages between the composer and the engine: each has a row at once, and one row when the engine knows it. */
import { computed, signal } from "@preact/signals-core";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { type Engine, newClientId } from "../../engine/protocol/engine.ts";
import { type Pending, pendingItem, stillPending } from "./pending.ts";
import type { Mode, Written } from "./writing.ts";

/** A file on its way (`web/model/files/uploads.ts`): its row, and what the person does with it. */
export type FileRow = { readonly item: MessageItem; retry(): void; discard(): void };

export class Sending {
  readonly #engine: Engine;
  readonly #chat: BareJid;
  readonly #now: () => Time;
  readonly #known: () => readonly MessageItem[];
  readonly #pending = signal<readonly Pending[]>([]);
  readonly files = signal<readonly FileRow[]>([]);
  readonly #items = computed(() => [
    ...this.#pending.value.map((pending) => pendingItem(this.#chat, pending)),
    ...this.files.value.map(({ item }) => item),
  ]);

  /** `known`: the rows of the conversation that the engine has told of. */
  constructor(engine: Engine, chat: BareJid, now: () => Time, known: () => readonly MessageItem[]) {
    this.#engine = engine;
    this.#chat = chat;
    this.#now = now;
    this.#known = known;
  }

  /** Rows of what the engine has not told of; whoever reads them in a computed signal is told of changes. */
  get items(): readonly MessageItem[] {
    return this.#items.value;
  }

  /** The row stands when this returns; the promise settles when the engine has taken it or refused. */
  async send({ mode, ...said }: Written, encrypted: boolean): Promise<void> {
    return this.#send({ client: newClientId(), ...said, encrypted, ...referenceOf(mode) });
  }

  async #send(written: Omit<Pending, "at" | "failure">): Promise<void> {
    this.#pending.value = [...this.#pending.peek(), { ...written, at: this.#now() }];
    const { client, text, edits, quote, encrypted, details, file } = written;
    const about = {
      ...(encrypted ? details !== undefined && { details } : file && { file }),
      ...(edits !== undefined && { replaces: edits }),
      ...(quote?.key !== undefined && { reply: quote.key }),
    };
    const answer = await this.#engine.send({ client, chat: this.#chat, text, ...about });
    if (!answer.ok) {
      this.#pending.value = this.#pending
        .peek()
        .map((row) => (row.client === client ? { ...row, failure: answer.error } : row));
      return;
    }
    // The row of a correction may have come and gone already; the engine has it either way.
    if (edits !== undefined || this.#known().some(({ key }) => key === client)) this.#forget(client);
  }

  #forget(client: string): void {
    this.#pending.value = this.#pending.peek().filter((row) => row.client !== client);
  }

  #fileRow(key: string): FileRow | undefined {
    return this.files.peek().find(({ item }) => item.key === key);
  }

  /** Rows the engine has told of: those that stood in for them are over. */
  settle(changes: readonly MessageItem[]): void {
    this.#pending.value = stillPending(this.#pending.peek(), changes);
    const told = (row: FileRow) => changes.some(({ key }) => key === row.item.key);
    if (this.files.peek().some(told)) this.files.value = this.files.peek().filter((row) => !told(row));
  }

  /** Sends a failed message once more: the engine's own, or one that it has not taken, which keeps its name. */
  async retry(key: string): Promise<void> {
    const file = this.#fileRow(key);
    if (file !== undefined) return file.retry();
    const pending = this.#pending.peek().find(({ client }) => client === key);
    if (pending === undefined) return this.#engine.retry({ key });
    this.#forget(key);
    const { at: _typed, failure: _refused, ...written } = pending;
    return this.#send(written);
  }

  /** Forgets a failed message. */
  async discard(key: string): Promise<void> {
    const file = this.#fileRow(key);
    if (file !== undefined) return file.discard();
    if (!this.#pending.peek().some(({ client }) => client === key)) return this.#engine.discard({ key });
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
