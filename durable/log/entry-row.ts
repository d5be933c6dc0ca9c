/** A row of the log, and the entry that a browser is given of it. */
import type { Entry, MessageContent, MessageEntry } from "../../worker/contract/entries.ts";
import type {
  BareJid,
  BrowserId,
  ClientId,
  DeviceId,
  EntryId,
  Position,
  Seq,
  Time,
} from "../../worker/contract/names.ts";
import type { MessageEvent } from "../ingest/stanza-event.ts";

export type Row = {
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

export type MessageDetail = Pick<
  MessageEntry,
  "occupant" | "whisper" | "asks" | "replaces" | "reply" | "act" | "unstyled"
> & {
  readonly stanzaId?: string;
  readonly at: Time;
  /** `exposed`: its author agreed that it is not encrypted. */
  readonly sent?: { readonly browser: BrowserId; readonly client: ClientId; readonly exposed?: true };
};

export type Placed = { readonly id: EntryId; readonly seq: Seq; readonly position: Position };

/** Where the row stands. */
export function placed(row: Pick<Row, "id" | "seq" | "position">): Placed {
  return { id: row.id as EntryId, seq: row.seq as Seq, position: row.position as Position };
}

/** The parts of a message without a column of their own. */
export function detailOf(event: MessageEvent, sent: MessageDetail["sent"]): MessageDetail {
  const { at, occupant, whisper, stanzaId, asks, replaces, reply, act, unstyled } = event;
  return {
    at,
    ...(occupant && { occupant }),
    ...(whisper !== undefined && { whisper }),
    ...(stanzaId !== undefined && { stanzaId }),
    ...(asks && { asks }),
    ...(replaces !== undefined && { replaces }),
    ...(reply && { reply }),
    ...(act && { act }),
    ...(unstyled && { unstyled }),
    ...(sent && { sent }),
  };
}

/** With the keys of all browsers of this account. */
export function entryOf(row: Row): Entry {
  const base = { id: row.id as EntryId, seq: row.seq as Seq };
  if (row.kind !== "message") return { ...base, kind: row.kind, ...JSON.parse(row.detail) } as Entry;
  const entry: MessageEntry = {
    ...base,
    kind: "message",
    position: row.position as Position,
    chat: row.chat as BareJid,
    sender: row.sender as BareJid,
    ...(JSON.parse(row.detail) as MessageDetail),
    content: contentOf(row.content ?? ""),
    ...(row.archive_id !== null && { archive: { by: row.archive_by as BareJid, id: row.archive_id } }),
    ...(row.origin_id !== null && { originId: row.origin_id }),
  };
  return entry;
}

/** As a browser may see it: each is sent only the key addressed to its own device. */
export function entryFor(entry: Entry, device: DeviceId | undefined): Entry {
  if (entry.kind !== "message" || entry.content.kind !== "omemo") return entry;
  const { omemo } = entry.content;
  const keys = omemo.keys.filter((key) => key.rid === device);
  return { ...entry, content: { kind: "omemo", omemo: { ...omemo, keys } } };
}

/** Of a pruned key transport SQL has left `null` where nothing was. */
function contentOf(text: string): MessageContent {
  const content = JSON.parse(text) as MessageContent;
  if (content.kind !== "omemo" || content.omemo.payload !== null) return content;
  const { payload: _, ...omemo } = content.omemo;
  return { kind: "omemo", omemo };
}
