/** What was said of late, for a room that repeats its past without any ids. */
import type { MessageContent } from "../../worker/contract/entries.ts";
import type { BareJid, Seq, Time } from "../../worker/contract/names.ts";
import type { MessageDetail, Row } from "./entry-row.ts";

/** Who said what, and when. */
export type Recent = { readonly nick: string; readonly at: Time; readonly content: MessageContent };

/** How far back it is looked for: a room repeats little. */
const RECENT_ENTRIES = 2_000;

/** Messages of a conversation among the newest entries. */
export function recentIn(sql: SqlStorage, head: Seq, chat: BareJid): readonly Recent[] {
  return sql
    .exec<Pick<Row, "detail" | "content">>(
      "select detail, content from entries where seq > ? and kind = 'message' and chat = ? order by seq",
      head - RECENT_ENTRIES,
      chat,
    )
    .toArray()
    .map(({ detail, content }) => {
      const { at, occupant } = JSON.parse(detail) as MessageDetail;
      return { nick: occupant?.nick ?? "", at, content: JSON.parse(content ?? "") as MessageContent };
    });
}
