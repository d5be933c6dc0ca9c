/** A page of a conversation, from the disk. */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { shownName } from "../../words/names.ts";
import type { TimelinePage } from "../protocol/conversations.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { itemOf } from "./message.ts";

/** Rows of one page of a timeline. */
const PAGE = 50;
/** Rows that are read at once for somebody who has been away; after a longer absence it begins at the newest ones. */
const ABSENCE_ROWS = 5_000;
/** Rows besides, from before the absence. */
const BEFORE_ABSENCE = 25;

/** What page of a conversation: its newest rows, as many as reach down to a position, or those before one. */
type Wanted = { readonly before?: Position | undefined; readonly downTo?: Position | undefined };

export async function timelineOf(account: Account, chat: BareJid, { before, downTo }: Wanted): Promise<TimelinePage> {
  const { store, cache } = account;
  const index = store.database.transaction("messages").store.index("timeline");
  const above =
    downTo === undefined
      ? []
      : await index.getAll(IDBKeyRange.bound([chat, 0, downTo], [chat, 1], true), ABSENCE_ROWS + 1);
  const newest = above.length > ABSENCE_ROWS ? [] : above;
  const end = newest[0]?.position ?? before;
  const range =
    end === undefined
      ? IDBKeyRange.bound([chat, 0], [chat, 1])
      : IDBKeyRange.bound([chat, 0], [chat, 0, end], false, true);
  const wanted = Math.max(PAGE, newest.length + (newest.length > 0 ? BEFORE_ABSENCE : 0));
  const rows: MessageRow[] = newest.toReversed();
  let cursor = await index.openCursor(range, "prev");
  while (cursor !== null && rows.length < wanted) {
    rows.push(cursor.value);
    cursor = await cursor.continue();
  }
  return {
    chat,
    items: rows.toReversed().map(itemOf),
    more: cursor !== null ? "here" : cache.chats.get(chat)?.complete === true ? "none" : "server",
    beforeDevice: cache.counts.get(chat)?.beforeDevice ?? 0,
    elders: eldersOf(account),
  };
}

/** The browsers of this account that were there before this one, as far as the object has told of them. */
function eldersOf({ self, live }: Account): readonly string[] {
  const here = live.browsers.find(({ id }) => id === self.browser);
  const elders = live.browsers.filter(
    ({ id, device, firstSeen, signedOut }) =>
      id !== self.browser && device !== undefined && !signedOut && firstSeen < (here?.firstSeen ?? self.createdAt),
  );
  return elders.map(({ name }) => shownName(name, "-"));
}
