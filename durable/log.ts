/**
 * The ordered log of one account. Entries are appended and never changed, but for the archive id of a message that is
 * learned later. All of it is synchronous: what one turn appends is stored together or not at all.
 */
import type {
  BareJid,
  BrowserId,
  ClientId,
  ContactEntry,
  DeviceId,
  Entry,
  EntryId,
  MessageContent,
  MessageEntry,
  PolicyEntry,
  Position,
  ProgressEntry,
  ReadEntry,
  Seq,
  Time,
} from "../worker/contract.ts";
import type { MessageDraft } from "./draft.ts";

type Row = {
  seq: number;
  id: string;
  kind: string;
  chat: string | null;
  position: number | null;
  sender: string | null;
  origin_id: string | null;
  archive_by: string | null;
  archive_id: string | null;
  detail: string;
  content: string | null;
};

type Without<T, Keys extends string> = T extends unknown ? Omit<T, Keys> : never;
/** An entry that is no message and has no place yet. */
export type Event = Without<ProgressEntry | ReadEntry | ContactEntry | PolicyEntry, "id" | "seq">;

type MessageDetail = { readonly at: Time; readonly sent?: { readonly browser: BrowserId; readonly client: ClientId } };

export type Placed = { readonly id: EntryId; readonly seq: Seq; readonly position: Position };

export class Log {
  readonly #sql: SqlStorage;
  #head: number;
  #position: number;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const { head, position } = sql
      .exec<{ head: number | null; position: number | null }>(
        "select max(seq) as head, max(position) as position from entries",
      )
      .one();
    this.#head = head ?? 0;
    this.#position = position ?? 0;
  }

  get head(): Seq {
    return this.#head as Seq;
  }

  /**
   * Store a message, or find that it is here already. `fresh` tells which. A message that was known without its
   * archive id (we sent it, or it came live) learns it from the draft.
   */
  message(draft: MessageDraft, sent?: MessageDetail["sent"]): Placed & { readonly fresh: boolean } {
    const known = this.#find(draft);
    if (known) {
      if (draft.archive && known.archive_id === null) {
        this.#sql.exec(
          "update or ignore entries set archive_by = ?, archive_id = ? where seq = ?",
          draft.archive.by,
          draft.archive.id,
          known.seq,
        );
      }
      return { ...placed(known), fresh: false };
    }
    const place = {
      id: crypto.randomUUID() as EntryId,
      seq: ++this.#head as Seq,
      position: ++this.#position as Position,
    };
    const detail: MessageDetail = sent ? { at: draft.at, sent } : { at: draft.at };
    this.#sql.exec(
      `insert into entries (seq, id, kind, chat, position, sender, origin_id, archive_by, archive_id, detail, content)
       values (?, ?, 'message', ?, ?, ?, ?, ?, ?, ?, ?)`,
      place.seq,
      place.id,
      draft.chat,
      place.position,
      draft.sender,
      draft.originId ?? null,
      draft.archive?.by ?? null,
      draft.archive?.id ?? null,
      JSON.stringify(detail),
      JSON.stringify(draft.content),
    );
    return { ...place, fresh: true };
  }

  /** Append anything that is not a message. */
  event(event: Event): Seq {
    const { kind, ...detail } = event;
    const seq = ++this.#head as Seq;
    this.#sql.exec(
      "insert into entries (seq, id, kind, chat, detail) values (?, ?, ?, ?, ?)",
      seq,
      crypto.randomUUID(),
      kind,
      "chat" in event ? event.chat : null,
      JSON.stringify(detail),
    );
    return seq;
  }

  /** Entries after `since`, oldest first, as `device` may see them: without the keys of other devices. */
  page(since: Seq, limit: number, device: DeviceId | undefined): readonly Entry[] {
    return this.#sql
      .exec<Row>("select * from entries where seq > ? order by seq limit ?", since, limit)
      .toArray()
      .map((row) => entryOf(row, device));
  }

  /** A message this account sent, by the id its stanza carried. */
  own(account: BareJid, originId: string): (Placed & { readonly chat: BareJid }) | undefined {
    const row = this.#byOrigin(account, originId);
    return row && { ...placed(row), chat: row.chat as BareJid };
  }

  #find(draft: MessageDraft): Row | undefined {
    if (draft.archive) {
      const { by, id } = draft.archive;
      const row = this.#sql
        .exec<Row>("select * from entries where archive_by = ? and archive_id = ?", by, id)
        .toArray()[0];
      if (row) return row;
    }
    if (draft.originId === undefined) return undefined;
    const row = this.#byOrigin(draft.sender, draft.originId);
    if (!row || row.chat !== draft.chat) return undefined;
    // Archived twice under one name: a repetition to the letter is one message, anything else is a name used again.
    const archivedTwice = draft.archive !== undefined && row.archive_id !== null;
    return archivedTwice && row.content !== JSON.stringify(draft.content) ? undefined : row;
  }

  #byOrigin(sender: BareJid, originId: string): Row | undefined {
    return this.#sql
      .exec<Row>("select * from entries where sender = ? and origin_id = ? order by seq limit 1", sender, originId)
      .toArray()[0];
  }
}

function placed(row: Row): Placed {
  return { id: row.id as EntryId, seq: row.seq as Seq, position: row.position as Position };
}

function entryOf(row: Row, device: DeviceId | undefined): Entry {
  const base = { id: row.id as EntryId, seq: row.seq as Seq };
  if (row.kind !== "message") return { ...base, kind: row.kind, ...JSON.parse(row.detail) } as Entry;
  const entry: MessageEntry = {
    ...base,
    kind: "message",
    position: row.position as Position,
    chat: row.chat as BareJid,
    sender: row.sender as BareJid,
    ...(JSON.parse(row.detail) as MessageDetail),
    content: contentFor(JSON.parse(row.content ?? "") as MessageContent, device),
    ...(row.archive_id !== null && { archive: { by: row.archive_by as BareJid, id: row.archive_id } }),
    ...(row.origin_id !== null && { originId: row.origin_id }),
  };
  return entry;
}

/** Each browser is sent only the key addressed to its own device. */
function contentFor(content: MessageContent, device: DeviceId | undefined): MessageContent {
  if (content.kind !== "omemo") return content;
  const keys = content.omemo.keys.filter((key) => key.rid === device);
  return { kind: "omemo", omemo: { ...content.omemo, keys } };
}
