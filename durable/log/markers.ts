/**
 * What markers and receipts speak of (XEP-0333, XEP-0184, XEP-0490): one of them names a message, in words of its own, and
 * means those before it as well.
 */
import type { BareJid, EntryId, Position } from "../../worker/contract/names.ts";
import type { Row } from "./entry-row.ts";
import { byArchive, byOrigin } from "./names.ts";
import { PROGRESS, type Progress } from "./progress.ts";

/** Where a message stands. */
type Place = { readonly chat: BareJid; readonly position: Position };

/** Messages of which one marker speaks, at most: each becomes an entry. */
const MARKED_AT_ONCE = 1_000;
/** Messages one after the other that had been marked before: none above them has been left out. */
const MARKED_ALREADY = 50;
/** Messages one after the other of which it says nothing: other clients of the account have sent them, or no server took them. */
const UNMARKED = 500;
/** Messages of a conversation among which one is looked for that a marker names. */
const MARKED_AMONG = 200;

export class Markers {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * Names of messages that this account has sent to somebody before a position and that have not come as far as `state`,
   * newest first. What was said of one was said of all before it, so a stretch of those that have come as far ends it; one
   * alone does not: beside it may stand a message that the server took later than it was marked.
   */
  ownBefore(account: BareJid, chat: BareJid, position: Position, state: Progress): readonly EntryId[] {
    const found: EntryId[] = [];
    const rows = this.#sql.exec<{ id: string; progress: number }>(
      `select id, progress from entries where chat = ? and sender = ? and kind = 'message' and position < ?
       order by position desc`,
      chat,
      account,
      position,
    );
    let [behind, passed] = [0, 0];
    for (const { id, progress } of rows) {
      behind = progress >= PROGRESS[state] ? behind + 1 : 0;
      passed += 1;
      if (behind === MARKED_ALREADY || passed === UNMARKED || found.length === MARKED_AT_ONCE) break;
      // What the server has not taken, nobody has seen.
      if (progress < PROGRESS.sent || progress >= PROGRESS[state]) continue;
      found.push(id as EntryId);
      passed = 0;
    }
    return found;
  }

  /**
   * A message of somebody's by the id that a marker names: the stanza's, which few clients make another than the origin-id.
   * Of theirs it is looked for among the newest.
   */
  marked(sender: BareJid, id: string): Place | undefined {
    const row = this.#sql
      .exec<Pick<Row, "chat" | "position">>(
        `select chat, position from (
           select chat, position, detail from entries
           where chat = ? and kind = 'message' and position is not null order by position desc limit ?
         ) where json_extract(detail, '$.stanzaId') = ? limit 1`,
        sender,
        MARKED_AMONG,
        id,
      )
      .toArray()[0];
    return placeOf(byOrigin(this.#sql, sender, id) ?? row);
  }

  /** A message by its id in an archive. */
  archived(by: BareJid, id: string): Place | undefined {
    return placeOf(byArchive(this.#sql, by, id));
  }

  /** The newest message of a conversation, up to a position, of which an archive is known to keep it under an id. */
  newestArchived(chat: BareJid, upTo: Position): { readonly by: BareJid; readonly id: string } | undefined {
    const row = this.#sql
      .exec<{ archive_by: string; archive_id: string }>(
        `select archive_by, archive_id from entries
         where chat = ? and position <= ? and archive_id is not null and json_extract(detail, '$.whisper') is null order by position desc limit 1`,
        chat,
        upTo,
      )
      .toArray()[0];
    return row && { by: row.archive_by as BareJid, id: row.archive_id };
  }
}

function placeOf(row: Pick<Row, "chat" | "position"> | undefined): Place | undefined {
  return row && { chat: row.chat as BareJid, position: row.position as Position };
}
