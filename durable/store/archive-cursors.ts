/** How far each archive has been read (XEP-0313): the account's own, and those of its rooms. */
import type { BareJid, Time } from "../../worker/contract/names.ts";

export type ArchiveState = {
  /** The newest archive id whose message is in the log; everything before it is, too. */
  readonly cursor?: string;
  /** Server time of that message, for archives that have let go of the id. */
  readonly at?: Time;
  /** The oldest archive id that was loaded backwards. */
  readonly oldest?: string;
  /** Nothing lies before `oldest`. */
  readonly complete: boolean;
};

type Row = { cursor: string | null; at: number | null; oldest: string | null; complete: number };

export class ArchiveCursors {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** An archive that was never read has only `complete: false`. */
  get(jid: BareJid): ArchiveState {
    const row = this.#sql
      .exec<Row>("select cursor, at, oldest, complete from archives where jid = ?", jid)
      .toArray()[0];
    if (!row) return { complete: false };
    return {
      ...(row.cursor !== null && { cursor: row.cursor }),
      ...(row.at !== null && { at: row.at }),
      ...(row.oldest !== null && { oldest: row.oldest }),
      complete: row.complete === 1,
    };
  }

  /** What is not named stays as it is. */
  advance(jid: BareJid, to: Partial<ArchiveState>): void {
    this.#sql.exec(
      `insert into archives (jid, cursor, at, oldest, complete) values (?1, ?2, ?3, ?4, coalesce(?5, 0))
       on conflict (jid) do update set cursor = coalesce(?2, cursor), at = coalesce(?3, at),
         oldest = coalesce(?4, oldest), complete = coalesce(?5, complete)`,
      jid,
      to.cursor ?? null,
      to.at ?? null,
      to.oldest ?? null,
      to.complete === undefined ? null : Number(to.complete),
    );
  }
}
