/** Forgetting what was said in a conversation, in this browser alone. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { changeChat, deletedRow, refreshLast } from "./messages.ts";
import type { Store } from "./store.ts";

type Done = Result<{ readonly done: true }>;
const DONE: Done = { ok: true, value: { done: true } };

/** Rows that one transaction takes. */
const TOGETHER = 500;
/** Shown rows, and those older than this device; not those that were deleted before. */
const BEFORE_DELETED = 2;

/** What waits to be sent stays and leaves; what failed is forgotten with the rest. */
export async function deleteChat(store: Store, chat: BareJid): Promise<Done> {
  const kept = new Set<string>();
  for (;;) {
    const range = IDBKeyRange.bound([chat, 0], [chat, BEFORE_DELETED], false, true);
    const index = store.database.transaction("messages").store.index("timeline");
    const rows = (await index.getAll(range, TOGETHER + kept.size)).filter(({ key }) => !kept.has(key));
    if (rows.length === 0) break;
    await store.work(async (unit) => {
      for (const { key } of rows) {
        // As it is now: it may have been sent, or opened, meanwhile.
        const row = await unit.get("messages", key);
        if (row === undefined || row.state === "waiting") {
          kept.add(key);
          continue;
        }
        if (row.state === "failed") unit.delete("outbox", key);
        unit.put("messages", deletedRow(row), { row });
      }
    });
  }
  await store.work(async (unit) => {
    await refreshLast(unit, chat);
    await changeChat(unit, chat, { deleted: true, draft: undefined });
  });
  return DONE;
}

/** Forgets single messages. They stay known by their names, so that none comes back when it is told again. */
export async function forgetMessages(store: Store, keys: readonly string[]): Promise<Done> {
  for (let at = 0; at < keys.length; at += TOGETHER) {
    await store.work(async (unit) => {
      const chats = new Set<BareJid>();
      for (const key of keys.slice(at, at + TOGETHER)) {
        const row = await unit.get("messages", key);
        if (row === undefined || row.state === "waiting" || row.hidden === 2) continue;
        if (row.state === "failed") unit.delete("outbox", key);
        unit.put("messages", deletedRow(row), { row });
        chats.add(row.chat);
      }
      for (const chat of chats) await refreshLast(unit, chat);
    });
  }
  return DONE;
}
