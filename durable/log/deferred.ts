/**
 * Messages that came live while older ones are still missing: stored, so that they may be acknowledged (XEP-0198), but
 * not in the log yet. They outlive a reset and go into the log behind what was missing.
 */
import type { BareJid } from "../../worker/contract.ts";
import type { Draft } from "../ingest/stanza-event.ts";

export class Held {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The drafts of one stanza. */
  put(archive: BareJid, drafts: readonly Draft[]): void {
    this.#sql.exec("insert into held (archive, drafts) values (?, ?)", archive, JSON.stringify(drafts));
  }

  /** All of them, in the order of their arrival; they are no longer kept here. */
  take(archive: BareJid): readonly (readonly Draft[])[] {
    const rows = this.#sql
      .exec<{ drafts: string }>("select drafts from held where archive = ? order by n", archive)
      .toArray();
    if (rows.length > 0) this.#sql.exec("delete from held where archive = ?", archive);
    return rows.map(({ drafts }) => JSON.parse(drafts) as readonly Draft[]);
  }
}
