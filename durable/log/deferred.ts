/**
 * Messages that came live while older ones are still missing: stored, so that they may be acknowledged (XEP-0198), but
 * not in the log yet. They outlive a reset and go into the log behind what was missing.
 */
import type { BareJid } from "../../worker/contract/names.ts";
import type { StanzaEvent } from "../ingest/stanza-event.ts";

/** The table and its column have the names of before: `held`, `drafts`. */
export class Deferred {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The events of one stanza. */
  put(archive: BareJid, events: readonly StanzaEvent[]): void {
    this.#sql.exec("insert into held (archive, drafts) values (?, ?)", archive, JSON.stringify(events));
  }

  /** All of them, in the order of their arrival; they are no longer kept here. */
  take(archive: BareJid): readonly (readonly StanzaEvent[])[] {
    const rows = this.#sql
      .exec<{ drafts: string }>("select drafts from held where archive = ? order by n", archive)
      .toArray();
    if (rows.length > 0) this.#sql.exec("delete from held where archive = ?", archive);
    return rows.map(({ drafts }) => JSON.parse(drafts) as readonly StanzaEvent[]);
  }
}
