/**
 * A walk over every message that is shown in this browser, conversation by conversation, the oldest first. It reads, and never
 * writes; some hundred rows are in memory at once.
 */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { ChatRow, MessageRow } from "../store/conversation-rows.ts";
import type { ContactRow, RoomRow } from "../store/people-rows.ts";
import type { Database } from "../store/database.ts";

const ROWS = 300;

export type WalkedChat = {
  readonly jid: BareJid;
  readonly chat: ChatRow;
  readonly contact: ContactRow | undefined;
  readonly room: RoomRow | undefined;
};

/** All conversations, by address. */
export async function* walkChats(database: Database): AsyncGenerator<WalkedChat> {
  for (const jid of await database.getAllKeys("chats")) {
    const chat = await database.get("chats", jid);
    if (chat === undefined) continue;
    yield {
      ...{ jid, chat },
      contact: await database.get("contacts", jid),
      room: await database.get("rooms", jid),
    };
  }
}

/** The rows of one of them that stand in its timeline, in parts. */
export async function* walkMessages(database: Database, chat: BareJid): AsyncGenerator<readonly MessageRow[]> {
  let after: Position | undefined;
  // What waits to be sent may stand at the place of another: those at the last place of a part are met again.
  let met: ReadonlySet<string> = new Set();
  for (;;) {
    const range = IDBKeyRange.bound([chat, 0, after ?? Number.NEGATIVE_INFINITY], [chat, 0, Number.POSITIVE_INFINITY]);
    const rows = await database.getAllFromIndex("messages", "timeline", range, ROWS + met.size);
    const fresh = rows.filter(({ key }) => !met.has(key));
    if (fresh.length > 0) yield fresh;
    const last = rows.at(-1)?.position;
    if (fresh.length < ROWS || last === undefined) return;
    after = last;
    met = new Set(rows.filter(({ position }) => position === last).map(({ key }) => key));
  }
}
