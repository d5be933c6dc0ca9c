/** What this browser has of the messages that another one asks for. It reads, and never writes. */
import type { EntryId } from "../../../worker/contract/names.ts";
import { isReadable, recordOf } from "../chunks/of-row.ts";
import type { RecordNames } from "../chunks/record.ts";
import type { MessageLookup, MessageRow } from "../store/conversation-rows.ts";
import type { Database } from "../store/database.ts";
import type { Answer } from "./frames.ts";

/** `may`: whether the other one may have this message. */
export async function answersTo(
  database: Database,
  names: readonly RecordNames[],
  may: (row: MessageRow) => boolean,
): Promise<readonly Answer[]> {
  const rows = await found(database, names);
  const ids = await idsOf(database, rows);
  return Promise.all(
    rows.map(async (row, at): Promise<Answer> => {
      if (row === undefined) return "unknown";
      if (!isReadable(row) || !may(row)) return "nothing";
      const record = await recordOf(row, async (key) => ids.get(key));
      const { archive, origin, ...brief } = record;
      // Whoever names a message by its entry finds it by that again: long names are of use where only they were known.
      return names[at]?.archive === undefined && brief.corrections === undefined
        ? brief
        : { archive, origin, ...brief };
    }),
  );
}

/** Each by its entry, else as an archive or its ciphertext is known; and what is a correction, the message that has its text. */
async function found(database: Database, names: readonly RecordNames[]): Promise<readonly (MessageRow | undefined)[]> {
  const { store } = database.transaction("messages");
  const look = async (lookup: MessageLookup, name: string | undefined) =>
    name === undefined ? undefined : (await store.index(lookup).getAll(name, 2)).find((row) => row.hidden !== 2);
  return Promise.all(
    names.map(
      async ({ id, archive, cipher }) =>
        (await look("id", id)) ??
        (await look("archiveKey", archive)) ??
        (await look("cipherKey", cipher)) ??
        (await look("corrections", id ?? archive)),
    ),
  );
}

/** The entries of what these answer. */
async function idsOf(
  database: Database,
  rows: readonly (MessageRow | undefined)[],
): Promise<ReadonlyMap<string, EntryId>> {
  const keys = new Set(rows.flatMap((row) => row?.quote?.key ?? []));
  const ids = new Map<string, EntryId>();
  if (keys.size === 0) return ids;
  const { store } = database.transaction("messages");
  await Promise.all(
    [...keys].map(async (key) => {
      const id = (await store.get(key))?.id;
      if (id !== undefined) ids.set(key, id);
    }),
  );
  return ids;
}
