/** What this browser has and the copy lacks; and what the copy holds that is to be in none any more. It reads, and never writes. */
import type { EntryId } from "../../../worker/contract/names.ts";
import { isReadable, recordOf } from "../chunks/of-row.ts";
import type { MessageText } from "../chunks/record.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import type { Database } from "../store/database.ts";
import { editionOf } from "./chunk.ts";
import type { Contents } from "./contents.ts";

const ROWS = 300;

/** Every row of this browser, some hundred at a time. */
export async function* everyRow(database: Database): AsyncGenerator<readonly MessageRow[]> {
  let after: string | undefined;
  for (;;) {
    const rows = await database.getAll(
      "messages",
      after === undefined ? undefined : IDBKeyRange.lowerBound(after, true),
      ROWS,
    );
    if (rows.length > 0) yield rows;
    after = rows.at(-1)?.key;
    if (rows.length < ROWS) return;
  }
}

/** These, as they are now. */
export async function* rowsOf(database: Database, keys: readonly string[]): AsyncGenerator<readonly MessageRow[]> {
  for (let at = 0; at < keys.length; at += ROWS) {
    const { store } = database.transaction("messages");
    const rows = await Promise.all(keys.slice(at, at + ROWS).map((key) => store.get(key)));
    yield rows.flatMap((row) => row ?? []);
  }
}

/** Deleted here, or taken back by whoever wrote it: nobody restores it. */
function isOver({ hidden, retracted, withdrawing }: MessageRow): boolean {
  return hidden === 2 || (retracted !== undefined && withdrawing === undefined);
}

export type Lacking = { readonly records: readonly MessageText[]; readonly gone: readonly EntryId[] };

/** Of these rows. `skips`: they do not fit into any chunk. */
export async function lackingOf(
  database: Database,
  rows: readonly MessageRow[],
  contents: Contents,
  skips: ReadonlySet<EntryId>,
): Promise<Lacking> {
  const gone = rows.flatMap((row) => (isOver(row) && row.id !== undefined && contents.holds(row.id) ? row.id : []));
  const wanted = rows.filter((row) => {
    if (row.id === undefined || isOver(row) || row.retracted !== undefined || !isReadable(row)) return false;
    return !skips.has(row.id) && contents.lacks(row.id, editionOf(row));
  });
  const idOf = async (key: string) => (await database.get("messages", key))?.id;
  return { records: await Promise.all(wanted.map((row) => recordOf(row, idOf))), gone };
}

/** Of entries whose rows were removed from this browser altogether: those that no other row stands for. */
export async function removedOf(
  database: Database,
  ids: readonly EntryId[],
  contents: Contents,
): Promise<readonly EntryId[]> {
  const index = database.transaction("messages").store.index("id");
  const counts = await Promise.all(ids.map((id) => index.count(id)));
  return ids.filter((id, at) => counts[at] === 0 && contents.holds(id));
}
