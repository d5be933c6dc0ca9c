/** Which links an encrypted message has stood for: nothing here can look into it, so it stands for a few, and for good. */
import type { EntryId } from "../../worker/contract/names.ts";

export class FileLinks {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Digests of a message's links, in no order. */
  of(message: EntryId): readonly string[] {
    const rows = this.#sql.exec<{ digest: string }>("select digest from file_links where message = ?", message);
    return rows.toArray().map(({ digest }) => digest);
  }

  /** From now on it stands for this one, too. */
  add(message: EntryId, digest: string): void {
    this.#sql.exec("insert or ignore into file_links (message, digest) values (?, ?)", message, digest);
  }
}
