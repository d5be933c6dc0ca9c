/**
 * Messages that came live while older ones are still missing: stored, so that they may be acknowledged (XEP-0198), but
 * not in the log yet. They outlive a reset and go into the log behind what was missing.
 */
import type { BareJid } from "../../worker/contract/names.ts";
import type { StanzaEvent } from "../ingest/stanza-event.ts";

/**
 * Of strangers' stanzas so many are kept, of one and of all: a few more than the log takes at once (`strangers.ts`), so that
 * it says where there were more. They are taken out again all together, into memory.
 */
const OF_ONE_STRANGER = 110;
const OF_STRANGERS = 600;

/** The table and its column have the names of before: `held`, `drafts`. */
export class Deferred {
  readonly #sql: SqlStorage;
  /** In memory: a reset lets as many in again. */
  readonly #ofStrangers = new Map<string, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The events of one stanza; those of a stranger, if that is told, as long as there is room for them (S8). */
  put(archive: BareJid, events: readonly StanzaEvent[], stranger?: string): void {
    if (stranger !== undefined && !this.#hasRoom(stranger)) return;
    this.#sql.exec("insert into held (archive, drafts) values (?, ?)", archive, JSON.stringify(events));
  }

  #hasRoom(stranger: string): boolean {
    const ofOne = this.#ofStrangers.get(stranger) ?? 0;
    const ofAll = [...this.#ofStrangers.values()].reduce((sum, count) => sum + count, 0);
    if (ofOne >= OF_ONE_STRANGER || ofAll >= OF_STRANGERS) return false;
    this.#ofStrangers.set(stranger, ofOne + 1);
    return true;
  }

  /** All of them, in the order of their arrival; they are no longer kept here. */
  take(archive: BareJid): readonly (readonly StanzaEvent[])[] {
    const rows = this.#sql
      .exec<{ drafts: string }>("select drafts from held where archive = ? order by n", archive)
      .toArray();
    this.#ofStrangers.clear();
    if (rows.length > 0) this.#sql.exec("delete from held where archive = ?", archive);
    return rows.map(({ drafts }) => JSON.parse(drafts) as readonly StanzaEvent[]);
  }
}
