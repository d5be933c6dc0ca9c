/** A page of a conversation, from the disk. */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { TimelinePage } from "../protocol/conversations.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { itemOf } from "./message.ts";

/** Rows of one page of a timeline. */
const PAGE = 50;

/** The newest rows of a conversation, or those before a position. */
export async function timelineOf(
  { store, cache }: Account,
  chat: BareJid,
  before: Position | undefined,
): Promise<TimelinePage> {
  const index = store.database.transaction("messages").store.index("timeline");
  const range =
    before === undefined
      ? IDBKeyRange.bound([chat, 0], [chat, 1])
      : IDBKeyRange.bound([chat, 0], [chat, 0, before], false, true);
  const rows: MessageRow[] = [];
  let cursor = await index.openCursor(range, "prev");
  while (cursor !== null && rows.length < PAGE) {
    rows.push(cursor.value);
    cursor = await cursor.continue();
  }
  return {
    chat,
    items: rows.toReversed().map(itemOf),
    more: cursor !== null ? "here" : cache.chats.get(chat)?.complete === true ? "none" : "server",
    beforeDevice: cache.counts.get(chat)?.beforeDevice ?? 0,
  };
}
