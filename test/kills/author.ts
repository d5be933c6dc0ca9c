/** Somebody who writes numbered texts into one conversation, faster than any hand, and remembers what became of each. */
import type { Page } from "puppeteer-core";
import type { BareJid, ClientId, Position } from "../../worker/contract/names.ts";
import { newClientId } from "../../web/engine/protocol/engine.ts";
import { ask, askAll } from "../e2e/page-engine.ts";
import { countUnsent } from "./database.ts";
import { type Held, token, type Writer, type Written } from "./verdict.ts";

/** As many as wait for the kill in a browser that cannot send as fast as it is written in. */
const HEAP = 24;

export class Author {
  readonly writer: Writer;
  readonly written: Written[] = [];
  /** Failures that the engine told, which nobody wanted. */
  readonly refused: string[] = [];
  readonly #account: BareJid;
  readonly #chat: BareJid;

  constructor(writer: Writer, account: BareJid, chat: BareJid) {
    this.writer = writer;
    this.#account = account;
    this.#chat = chat;
  }

  /** Client ids of what the engine said it had taken. */
  get taken(): readonly string[] {
    return this.written.filter(({ taken }) => taken).map(({ client }) => client);
  }

  /** Whether so much waits to be sent that whoever writes would rather wait: kills shall strike a flow and not a heap. */
  async isAhead(page: Page): Promise<boolean> {
    return (await countUnsent(page, this.#account)) > HEAP;
  }

  /** Writes so many texts at once. @throws when the page dies meanwhile: then nobody knows which were taken. */
  async burst(page: Page, count: number): Promise<void> {
    const from = this.written.length;
    for (let at = 0; at < count; at += 1) {
      this.written.push({ client: newClientId(), text: token(this.writer, from + at + 1), taken: false });
    }
    const texts = this.written.slice(from);
    const answers = await askAll(
      page,
      "send",
      texts.map(({ client, text }) => ({ client: client as ClientId, chat: this.#chat, text })),
    );
    for (const [at, answer] of answers.entries()) {
      const text = texts[at];
      if (text === undefined) continue;
      if (answer.ok) this.written[from + at] = { ...text, taken: true };
      else this.refused.push(`${text.text}: ${answer.error.kind}`);
    }
  }

  /** The whole conversation as a browser has it, oldest first. */
  async held(page: Page): Promise<readonly Held[]> {
    const rows: Held[] = [];
    for (let before: Position | undefined; ; ) {
      const { items } = await ask(page, "timeline", { chat: this.#chat, ...(before !== undefined && { before }) });
      const shown = items.map(({ id, position, state, body }): Held => {
        return { id, position, state, text: body.kind === "text" ? body.text : undefined };
      });
      rows.unshift(...shown);
      const oldest = items[0]?.position;
      if (oldest === undefined || oldest === before) return rows;
      before = oldest;
    }
  }
}
