/**
 * The ordered log of one account. Entries are appended and never changed, but for the archive id of a message that is
 * learned later. All of it is synchronous: what one turn appends is stored together or not at all.
 */
import type {
  ContactEntry,
  Entry,
  GapEntry,
  MessageEntry,
  PolicyEntry,
  ProgressEntry,
  ReadEntry,
  RoomEntry,
} from "../../worker/contract/entries.ts";
import type { BareJid, EntryId, Position, Seq, Time } from "../../worker/contract/names.ts";
import type { MessageEvent, UnreadableEvent } from "../ingest/stanza-event.ts";
import { detailOf, entryOf, type MessageDetail, type Placed, placed, type Row } from "./entry-row.ts";
import { allByOrigin, byArchive, byOrigin } from "./names.ts";
import { PROGRESS, type Progress } from "./progress.ts";
import { type Recent, recentIn } from "./recent.ts";
import { isSame } from "./same-message.ts";

type Without<T, Keys extends string> = T extends unknown ? Omit<T, Keys> : never;
/** An entry that is no message and was not appended yet. */
export type OtherEntry = Without<ProgressEntry | ReadEntry | ContactEntry | PolicyEntry | RoomEntry, "id" | "seq">;

type Gap = Without<GapEntry, "id" | "seq" | "gap">;

/** Sender, origin-id, archive and archive id: what a message is found again by. */
type Names = readonly [string | null, string | null, string | null, string | null];
const NAMELESS: Names = [null, null, null, null];
/** Characters of one page: what a socket, a frame and a browser can be asked to take at once. */
const PAGE_LENGTH = 512 * 1024;

export class Log {
  readonly #sql: SqlStorage;
  #head = 0;
  #urgent = 0;
  #position = 0;
  /** Where the log begins; history goes below. */
  #oldest = 1;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.reload();
  }

  /** The newest entry; 0 in an empty log. */
  get head(): Seq {
    return this.#head as Seq;
  }

  /** Counts the entries that browsers are to have at once: all but how far an own message has come. */
  get urgent(): number {
    return this.#urgent;
  }

  /** The newest place in any conversation. */
  get position(): Position {
    return this.#position as Position;
  }

  /** The oldest place in any conversation. */
  get oldest(): Position {
    return this.#oldest as Position;
  }

  /** Store a message at the end, or find that it is here already. `fresh` tells which. */
  message(event: MessageEvent, sent?: MessageDetail["sent"]): Placed & { readonly fresh: boolean } {
    const known = this.learnArchiveId(event);
    return known ? { ...known, fresh: false } : { ...this.insert(event, this.#next, sent), fresh: true };
  }

  /** The entry of this message, however it came (live, carbon, archive); undefined where the log does not have it. */
  find(event: MessageEvent | UnreadableEvent): Placed | undefined {
    const row = this.#find(event);
    return row && placed(row);
  }

  /**
   * The same, and writes: an entry that was stored without its archive id (we sent it, or it came live) is given the one
   * that the event tells.
   */
  learnArchiveId(event: MessageEvent | UnreadableEvent): Placed | undefined {
    const row = this.#find(event);
    if (row && event.archive && row.archive_id === null) {
      this.#sql.exec(
        "update or ignore entries set archive_by = ?, archive_id = ? where seq = ?",
        event.archive.by,
        event.archive.id,
        row.seq,
      );
    }
    return row && placed(row);
  }

  /** A message that is not here yet, at its place; at the end unless told. An unreadable one is a gap that stays. */
  insert(event: MessageEvent | UnreadableEvent, position = this.#next, sent?: MessageDetail["sent"]): Placed {
    const place = this.#place(position);
    const names = [
      event.sender ?? null,
      event.originId ?? null,
      event.archive?.by ?? null,
      event.archive?.id ?? null,
    ] as const;
    if (event.kind === "unreadable") {
      const { chat, at } = event;
      const gap = {
        position,
        at,
        ...(chat !== undefined && { chat }),
        state: "lost",
        why: event.why ?? "unreadable",
      } as const;
      this.#write(place, "gap", chat, { gap: place.id, ...gap }, names);
    } else {
      this.#write(place, "message", event.chat, detailOf(event, sent), names, JSON.stringify(event.content));
    }
    return place;
  }

  /** A stretch of history is missing right before this position, which becomes its marker's. */
  gap({ kind, ...gap }: Gap): Placed {
    const place = this.#place(gap.position);
    this.#write(place, kind, gap.chat, { ...gap, gap: place.id }, NAMELESS);
    return place;
  }

  /** Append anything that is not a message. */
  append({ kind, ...detail }: OtherEntry): Seq {
    const seq = ++this.#head as Seq;
    if (kind !== "progress" || ("failure" in detail && detail.failure !== undefined)) this.#urgent += 1;
    this.#sql.exec(
      "insert into entries (seq, id, kind, chat, detail) values (?, ?, ?, ?, ?)",
      seq,
      crypto.randomUUID(),
      kind,
      "chat" in detail ? detail.chat : null,
      JSON.stringify(detail),
    );
    return seq;
  }

  /**
   * Entries after `since`, oldest first, with the keys of all browsers (see `entryFor`). `full`: the page ended because it
   * is large enough (`limit` entries or half a megabyte), not because the log did.
   */
  page(since: Seq, limit: number): { readonly entries: readonly Entry[]; readonly full: boolean } {
    const entries: Entry[] = [];
    let length = 0;
    // Numbers have no holes, so the range holds as many entries. SQLite would prepare a bound `limit` anew each time.
    const last = since + limit;
    const rows = this.#sql.exec<Row>("select * from entries where seq > ? and seq <= ? order by seq", since, last);
    for (const row of rows) {
      entries.push(entryOf(row));
      length += row.detail.length + (row.content?.length ?? 0);
      if (length > PAGE_LENGTH) return { entries, full: true };
    }
    return { entries, full: entries.length === limit };
  }

  /** The name of the entry at a place; undefined where there is none. */
  idAt(seq: Seq): EntryId | undefined {
    const row = this.#sql.exec<{ id: string }>("select id from entries where seq = ?", seq).toArray()[0];
    return row?.id as EntryId | undefined;
  }

  /** Raises the progress of a message; true where it was lower before. */
  advance(message: EntryId, state: Progress): boolean {
    const step = PROGRESS[state];
    return (
      this.#sql.exec("update entries set progress = ? where id = ? and progress < ?", step, message, step).rowsWritten >
      0
    );
  }

  /** That stretch of history is whole again. */
  filled(gap: EntryId, position: Position, at: Time): void {
    const place = { id: crypto.randomUUID() as EntryId, seq: ++this.#head as Seq };
    const detail = { gap, position, at, state: "filled", why: "catching-up" };
    this.#write({ ...place, position: null }, "gap", undefined, detail, NAMELESS);
  }

  /** The oldest message of a conversation that this archive is known to hold. */
  oldestArchived(by: BareJid, chat: BareJid): string | undefined {
    return this.#sql
      .exec<{ archive_id: string }>(
        "select archive_id from entries where archive_by = ? and chat = ? order by position limit 1",
        by,
        chat,
      )
      .toArray()[0]?.archive_id;
  }

  /** Messages of a conversation among the newest entries (`recent.ts`). */
  recentIn(chat: BareJid): readonly Recent[] {
    return recentIn(this.#sql, this.head, chat);
  }

  /** Whether somebody else than this account has said something in a conversation, as far as it is here. */
  hears(chat: BareJid, account: BareJid): boolean {
    const others = "select 1 from entries where chat = ? and position is not null and sender <> ? limit 1";
    return this.#sql.exec(others, chat, account).toArray().length > 0;
  }

  /** Whether so many messages of this archive are here. */
  holds(by: BareJid, count: number): boolean {
    return (
      this.#sql.exec("select 1 from entries where archive_by = ? limit 1 offset ?", by, count - 1).toArray().length > 0
    );
  }

  /** After a turn that was rolled back: the counters in memory must not be ahead of what is stored. */
  reload(): void {
    const { head, position, oldest } = this.#sql
      .exec<{ head: number | null; position: number | null; oldest: number | null }>(
        "select max(seq) as head, max(position) as position, min(position) as oldest from entries",
      )
      .one();
    this.#head = head ?? 0;
    this.#position = position ?? 0;
    this.#oldest = oldest ?? 1;
  }

  /**
   * Takes the ciphertext out of the messages behind `from` up to `to`. Rows, names and IVs stay: what comes again is
   * recognised, and a browser that never had it says that it was here.
   */
  prune(from: Seq, to: Seq): void {
    this.#sql.exec(
      `update entries set content = json_set(json_remove(content, '$.omemo.details'), '$.omemo.keys', json('[]'),
         '$.omemo.payload', iif(json_type(content, '$.omemo.payload') is null, null, ''))
       where seq > ? and seq <= ? and kind = 'message' and json_extract(content, '$.kind') = 'omemo'`,
      from,
      to,
    );
  }

  /** A message by its permanent name; undefined where there is none or it is something else. */
  messageAt(id: EntryId): (MessageEntry & Pick<MessageDetail, "stanzaId" | "sent">) | undefined {
    const row = this.#sql.exec<Row>("select * from entries where id = ?", id).toArray()[0];
    return row?.kind === "message" ? (entryOf(row) as MessageEntry) : undefined;
  }

  /** A message this account sent, by the id its stanza carried. */
  own(account: BareJid, originId: string): (Placed & { readonly chat: BareJid }) | undefined {
    const row = byOrigin(this.#sql, account, originId);
    return row && { ...placed(row), chat: row.chat as BareJid };
  }

  /** The id under which the archive of `by` keeps what somebody has sent under an id of their own. */
  archiveId(by: BareJid, sender: BareJid, originId: string): string | undefined {
    const row = byOrigin(this.#sql, sender, originId);
    return row?.archive_by === by ? (row.archive_id ?? undefined) : undefined;
  }

  /** Who has sent what an archive keeps under an id, and under which name. */
  origin(by: BareJid, archiveId: string): { readonly sender: BareJid; readonly id: string } | undefined {
    const row = byArchive(this.#sql, by, archiveId);
    return row?.origin_id ? { sender: row.sender as BareJid, id: row.origin_id } : undefined;
  }

  /** The entry of what an archive keeps under an id. */
  archived(by: BareJid, archiveId: string): EntryId | undefined {
    return byArchive(this.#sql, by, archiveId)?.id as EntryId | undefined;
  }

  get #next(): Position {
    return (this.#position + 1) as Position;
  }

  #place(position: Position): Placed {
    this.#position = Math.max(this.#position, position);
    this.#oldest = Math.min(this.#oldest, position);
    return { id: crypto.randomUUID() as EntryId, seq: ++this.#head as Seq, position };
  }

  #write(
    { seq, id, position }: Omit<Placed, "position"> & { readonly position: Position | null },
    kind: Entry["kind"],
    chat: BareJid | undefined,
    detail: object,
    names: Names,
    content?: string,
  ): void {
    this.#urgent += 1;
    this.#sql.exec(
      `insert into entries (seq, id, kind, chat, position, sender, origin_id, archive_by, archive_id, detail, content)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      seq,
      id,
      kind,
      chat ?? null,
      position,
      ...names,
      JSON.stringify(detail),
      content ?? null,
    );
  }

  #find(event: MessageEvent | UnreadableEvent): Row | undefined {
    if (event.archive) {
      const row = byArchive(this.#sql, event.archive.by, event.archive.id);
      if (row) return row;
    }
    const { sender, originId } = event;
    if (sender === undefined || originId === undefined) return undefined;
    // Some clients restart their ids in each session: the same id is the same message only with the same content.
    return allByOrigin(this.#sql, sender, originId).find((row) => row.chat === event.chat && isSame(row, event));
  }
}
