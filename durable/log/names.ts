/** Messages by the names they carry: their sender's origin-id (XEP-0359), or the id under which an archive keeps them. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { Row } from "./entry-row.ts";

/** A row without its contents, which are not needed to know which one it is. */
type Named = Pick<Row, "seq" | "id" | "position" | "chat" | "archive_by" | "archive_id">;

/** What the archive of `by` keeps under an id; undefined where the log does not know of it. */
export function byArchive(sql: SqlStorage, by: BareJid, id: string): Row | undefined {
  return sql.exec<Row>("select * from entries where archive_by = ? and archive_id = ?", by, id).toArray()[0];
}

/** The oldest that somebody has sent under an id. */
export function byOrigin(sql: SqlStorage, sender: BareJid, originId: string): Named | undefined {
  const rows = sql.exec<Named>(
    "select seq, id, position, chat, archive_by, archive_id from entries where sender = ? and origin_id = ?",
    sender,
    originId,
  );
  return oldestFirst(rows.toArray())[0];
}

/** All that somebody has sent under an id, with what is in them, oldest first: one client may give an id twice. */
export function allByOrigin(sql: SqlStorage, sender: BareJid, originId: string): readonly Row[] {
  return oldestFirst(
    sql.exec<Row>("select * from entries where sender = ? and origin_id = ?", sender, originId).toArray(),
  );
}

/**
 * Of the few rows that carry the same names. Not by the query: ordered over an index that has a condition, SQLite would
 * prepare it anew each time that other values are bound, which takes longer than everything else that it does.
 */
function oldestFirst<T extends Pick<Row, "seq">>(rows: readonly T[]): readonly T[] {
  return rows.length < 2 ? rows : rows.toSorted((a, b) => a.seq - b.seq);
}
