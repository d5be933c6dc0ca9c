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

/** What page of a conversation: its newest rows, as many as reach down to a position, those before or after one, or around a message. */
type Wanted = {
  readonly before?: Position | undefined;
  readonly downTo?: Position | undefined;
  readonly after?: Position | undefined;
  readonly around?: string | undefined;
};

export async function timelineOf(account: Account, chat: BareJid, wants: Wanted): Promise<TimelinePage> {
  const { store } = account;
  const { after, around } = wants;
  if (around === undefined && after === undefined) return pageBefore(account, chat, wants);
  const row = around === undefined ? undefined : await store.database.get("messages", around);
  const from = after ?? (row?.chat === chat && row.hidden === 0 ? row.position : undefined);
  if (from === undefined) return { chat, items: [], more: "none", beforeDevice: 0 };
  const behind = IDBKeyRange.bound([chat, 0, from], [chat, 1], true);
  const rows = await store.database.getAllFromIndex("messages", "timeline", behind, PAGE + 1);
  const newer = rows.length > PAGE;
  const page = await pageBefore(account, chat, { upTo: from });
  const items = [...(after === undefined ? page.items : []), ...rows.slice(0, PAGE).map(itemOf)];
  return { ...page, items, ...(newer && { newer }) };
}

type WantedBefore = Pick<Wanted, "before" | "downTo"> & { readonly upTo?: Position };

async function pageBefore(
  account: Account,
  chat: BareJid,
  { before, downTo, upTo }: WantedBefore,
): Promise<TimelinePage> {
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
      ? IDBKeyRange.bound([chat, 0], upTo === undefined ? [chat, 1] : [chat, 0, upTo])
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
