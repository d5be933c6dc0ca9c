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
import { missingCase } from "./missing-case.ts";

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

/** Characters of one page: what a socket, a frame and a browser can be asked to take at once. */
const PAGE_LENGTH = 512 * 1024;

const PROGRESS = { sent: 1, delivered: 2, read: 3 } as const;

export class Log {
  readonly #sql: SqlStorage;
  #head = 0;
  #position = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.reload();
  }

  get head(): Seq {
    return this.#head as Seq;
  }

  /** The newest place in any conversation. */
  get position(): Position {
    return this.#position as Position;
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

  /**
   * Entries after `since`, oldest first, as `device` may see them: without the keys of other devices. `full`: the page
   * ended because it is large enough (`limit` entries or half a megabyte), not because the log did.
   */
  page(
    since: Seq,
    limit: number,
    device: DeviceId | undefined,
  ): { readonly entries: readonly Entry[]; readonly full: boolean } {
    const entries: Entry[] = [];
    let length = 0;
    for (const row of this.#sql.exec<Row>("select * from entries where seq > ? order by seq limit ?", since, limit)) {
      entries.push(entryOf(row, device));
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

  /** An own message has come further: true where that is news. */
  advance(message: EntryId, state: keyof typeof PROGRESS): boolean {
    const step = PROGRESS[state];
    return (
      this.#sql.exec("update entries set progress = ? where id = ? and progress < ?", step, message, step).rowsWritten >
      0
    );
  }

  /** After a turn that was taken back: what was counted in memory must not run ahead of what is stored. */
  reload(): void {
    const { head, position } = this.#sql
      .exec<{ head: number | null; position: number | null }>(
        "select max(seq) as head, max(position) as position from entries",
      )
      .one();
    this.#head = head ?? 0;
    this.#position = position ?? 0;
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
    // Some clients count their ids anew in each session: the same name is the same message only with the same content.
    return this.#sql
      .exec<Row>("select * from entries where sender = ? and origin_id = ? order by seq", draft.sender, draft.originId)
      .toArray()
      .find((row) => row.chat === draft.chat && sameContent(row.content, draft.content));
  }

  #byOrigin(sender: BareJid, originId: string): Row | undefined {
    return this.#sql
      .exec<Row>("select * from entries where sender = ? and origin_id = ? order by seq limit 1", sender, originId)
      .toArray()[0];
  }
}

/** The keys of a header are left out: those kept depend on the browsers there were when it came. */
function sameContent(stored: string | null, content: MessageContent): boolean {
  return stored !== null && identity(JSON.parse(stored) as MessageContent) === identity(content);
}

function identity(content: MessageContent): string {
  switch (content.kind) {
    case "omemo":
      return JSON.stringify([content.omemo.sid, content.omemo.iv, content.omemo.payload]);
    case "clear":
      return JSON.stringify([content.text]);
    case "unreadable":
      return content.why;
    default:
      return missingCase(content);
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
