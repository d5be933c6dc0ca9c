/** The open gaps of each archive: what the browsers are told about them, and how far they are filled. */
import type { BareJid, EntryId, Position, Time } from "../../worker/contract/names.ts";
import type { Log } from "./log.ts";
import { type OpenGap, openGapAfter } from "./positions.ts";

type Row = { id: string; position: number; next: number };

export class Gaps {
  readonly #sql: SqlStorage;
  readonly #log: Log;
  readonly #isRoom: (archive: BareJid) => boolean;

  constructor(sql: SqlStorage, log: Log, isRoom: (archive: BareJid) => boolean) {
    this.#sql = sql;
    this.#log = log;
    this.#isRoom = isRoom;
  }

  /** Oldest first. */
  of(archive: BareJid): readonly OpenGap[] {
    return this.#sql
      .exec<Row>("select id, position, next from gaps where archive = ? order by position", archive)
      .toArray()
      .map((row) => ({ id: row.id as EntryId, position: row.position as Position, next: row.next as Position }));
  }

  /** Opens a gap at the end of the log. Where the newest entry is an open gap already, that one is enough. */
  open(archive: BareJid, at: Time): void {
    if (this.of(archive).at(-1)?.position === this.#log.position) return;
    const { position, next } = openGapAfter(this.#log.position);
    // A gap of a room's archive concerns that room alone.
    const where = this.#isRoom(archive) ? { chat: archive } : {};
    const { id } = this.#log.gap({ kind: "gap", position, at, ...where, state: "open", why: "catching-up" });
    this.#sql.exec("insert into gaps (id, archive, position, next) values (?, ?, ?, ?)", id, archive, position, next);
  }

  /** So far it is filled. */
  fill({ id, next }: OpenGap): void {
    this.#sql.exec("update gaps set next = ? where id = ?", next, id);
  }

  /** Nothing is missing there any more; the browsers are told by an entry. */
  close({ id, position }: OpenGap, at: Time): void {
    this.#sql.exec("delete from gaps where id = ?", id);
    this.#log.filled(id, position, at);
  }
}
