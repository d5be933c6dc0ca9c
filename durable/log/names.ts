/** Messages by the names they carry: their sender's origin-id (XEP-0359), or the id under which an archive keeps them. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { Row } from "./entry-row.ts";

/** A row without its contents, which are not needed to know which one it is. */
type Named = Pick<Row, "seq" | "id" | "position" | "chat" | "archive_by" | "archive_id">;

/**
 * So many of one sender under one id are looked at. Whoever gives it to more of their messages has each of them looked for
 * among all, which would take longer with every one.
 */
const ALIKE_MAX = 64;

/** What the archive of `by` keeps under an id; undefined where the log does not know of it. */
export function byArchive(sql: SqlStorage, by: BareJid, id: string): Row | undefined {
  return sql.exec<Row>("select * from entries where archive_by = ? and archive_id = ?", by, id).toArray()[0];
}

/** The oldest that somebody has sent under an id. */
export function byOrigin(sql: SqlStorage, sender: BareJid, originId: string): Named | undefined {
  const rows = sql.exec<Named>(
    `select seq, id, position, chat, archive_by, archive_id from entries
     where sender = ? and origin_id = ? limit ${ALIKE_MAX}`,
    sender,
    originId,
  );
  return oldestFirst(rows.toArray())[0];
}

/**
 * What somebody has sent under an id, with what is in it, oldest first: one client may give an id twice. Of very many the
 * newest, for what comes again mostly does so soon.
 */
export function allByOrigin(sql: SqlStorage, sender: BareJid, originId: string): readonly Row[] {
  const all = `select * from entries where sender = ? and origin_id = ?`;
  const rows = sql.exec<Row>(`${all} limit ${ALIKE_MAX}`, sender, originId).toArray();
  if (rows.length < ALIKE_MAX) return oldestFirst(rows);
  return sql.exec<Row>(`${all} order by seq desc limit ${ALIKE_MAX}`, sender, originId).toArray().toReversed();
}

/**
 * Of the few rows that carry the same names. Not by the query: ordered over an index that has a condition, SQLite would
 * prepare it anew each time that other values are bound, which takes longer than everything else that it does.
 */
function oldestFirst<T extends Pick<Row, "seq">>(rows: readonly T[]): readonly T[] {
  return rows.length < 2 ? rows : rows.toSorted((a, b) => a.seq - b.seq);
}
