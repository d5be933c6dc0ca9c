/** What this browser cannot read: the newest of each conversation first, so that what a person opens is there soon. */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { isHole } from "../chunks/of-row.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import type { Database } from "../store/database.ts";

export type Hole = MessageRow & { readonly id: NonNullable<MessageRow["id"]> };

/** As many as a conversation shows at first; then more, for nobody looks yet. */
const FIRST = 50;
const THEN = 150;

/** Rows of one conversation that are shown (0), or are left out as older than this device (1), downwards from a place. */
type Walk = { readonly chat: BareJid; readonly hidden: 0 | 1; readonly below?: Position | undefined };

/**
 * All of them, in turns of their conversations, in parts of at most some hundred. What is filled in meanwhile is not met
 * again; what comes in is not met at all, for it stands above.
 */
export async function* holesIn(database: Database): AsyncGenerator<readonly Hole[]> {
  let walks: readonly Walk[] = await inOrder(database);
  for (let most = FIRST; walks.length > 0; most = THEN) {
    const left: Walk[] = [];
    for (const walk of walks) {
      const { rows, below } = await pageOf(database, walk, most);
      const holes = rows.filter(isHole);
      if (holes.length > 0) yield holes;
      if (below !== undefined) left.push({ ...walk, below });
    }
    walks = left;
  }
}

/** The newest holes of the conversations that something was said in last. */
export async function newestHoles(database: Database, chats: number): Promise<readonly Hole[]> {
  const walks = (await inOrder(database)).filter(({ hidden }) => hidden === 0).slice(0, chats);
  const pages = await Promise.all(walks.map((walk) => pageOf(database, walk, FIRST)));
  return pages.flatMap(({ rows }) => rows.filter(isHole));
}

/** How many are left out as older than this device. Those among what is shown are counted when they are met. */
export async function leftOutIn(database: Database): Promise<number> {
  const chats = await database.getAllKeys("chats");
  const index = database.transaction("messages").store.index("timeline");
  const counts = await Promise.all(chats.map((chat) => index.count(rangeOf({ chat, hidden: 1 }))));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Where something was said last comes first. */
async function inOrder(database: Database): Promise<readonly Walk[]> {
  const chats = await database.getAllKeys("chats");
  const found: { readonly walk: Walk; readonly at: number }[] = [];
  for (let from = 0; from < chats.length; from += FIRST) {
    const timeline = database.transaction("messages").store.index("timeline");
    const newest = async (walk: Walk) => {
      const at = (await timeline.openCursor(rangeOf(walk), "prev"))?.value.at;
      if (at !== undefined) found.push({ walk, at });
    };
    await Promise.all(
      chats.slice(from, from + FIRST).flatMap((chat) => [newest({ chat, hidden: 0 }), newest({ chat, hidden: 1 })]),
    );
  }
  return found.toSorted((a, b) => b.at - a.at).map(({ walk }) => walk);
}

function rangeOf({ chat, hidden, below }: Walk): IDBKeyRange {
  if (below === undefined) return IDBKeyRange.bound([chat, hidden], [chat, hidden + 1], false, true);
  return IDBKeyRange.bound([chat, hidden], [chat, hidden, below], false, true);
}

/** The next rows downwards, the newest first; `below`: from where the next ones are read, undefined at the end. */
async function pageOf(
  database: Database,
  walk: Walk,
  most: number,
): Promise<{ readonly rows: readonly MessageRow[]; readonly below: Position | undefined }> {
  const index = database.transaction("messages").store.index("timeline");
  const range = rangeOf(walk);
  const newest = await index.openKeyCursor(range, "prev");
  const last = newest === null ? null : await newest.advance(most - 1);
  if (last === null) return { rows: (await index.getAll(range)).toReversed(), below: undefined };
  // Whole places: rows that wait to be sent may stand at that of another.
  const below = (last.key as unknown as readonly [BareJid, number, Position])[2];
  const from = IDBKeyRange.bound([walk.chat, walk.hidden, below], range.upper, false, true);
  return { rows: (await index.getAll(from)).toReversed(), below };
}
