/** Answers a page's questions one after the other: the newest alone, the others were asked before the next key. */
import type { BareJid } from "../../../worker/contract/names.ts";
import { report } from "../../../worker/shared/report.ts";
import type { SearchReply, SearchRequest } from "../protocol/search.ts";
import { type Database, openForReading } from "../store/database.ts";
import { Search } from "./search.ts";

type Opened = { readonly account: BareJid; readonly database: Database; readonly search: Search };

export class Answering {
  readonly #reply: (reply: SearchReply) => void;
  #opened: Opened | undefined;
  #wanted: SearchRequest | undefined;
  #busy = false;

  constructor(reply: (reply: SearchReply) => void) {
    this.#reply = reply;
  }

  async ask(request: SearchRequest): Promise<void> {
    this.#wanted = request;
    if (this.#busy) return;
    this.#busy = true;
    for (let next: SearchRequest | undefined = this.#wanted; next !== undefined; next = this.#wanted) {
      const asked: SearchRequest = next;
      const answer = await this.#answer(asked);
      if (this.#wanted !== asked) continue;
      this.#wanted = undefined;
      this.#reply({ id: asked.id, ...(answer && { answer }) });
    }
    this.#busy = false;
  }

  async #answer(request: SearchRequest) {
    try {
      const { search } = await this.#open(request.account);
      return await search.answer(request, () => this.#wanted === request);
    } catch (error) {
      // Erased, or closed for another version: the next question opens it again, if it is there.
      report("the search could not read", error);
      this.#close();
      return undefined;
    }
  }

  async #open(account: BareJid): Promise<Opened> {
    if (this.#opened?.account !== account) {
      this.#close();
      const database = await openForReading(account, () => this.#close());
      this.#opened = { account, database, search: new Search(database) };
    }
    return this.#opened;
  }

  /** With all texts that were in memory. */
  #close(): void {
    this.#opened?.database.close();
    this.#opened = undefined;
  }
}
