/** Everything that was encrypted and can be read here, for another own browser: chunks under a passphrase. */
import type { Bytes } from "../bytes.ts";
import { HistoryWriter } from "../chunks/history-file.ts";
import { isReadable, recordOf } from "../chunks/of-row.ts";
import type { ExportProgress } from "../protocol/exporting.ts";
import type { Database } from "../store/database.ts";
import { walkChats, walkMessages } from "./walk.ts";

/** @param give takes the next part of the file; the one after it is made when it has settled */
export async function writeHistory(
  database: Database,
  passphrase: string,
  give: (bytes: Bytes, progress: ExportProgress) => Promise<void>,
): Promise<ExportProgress> {
  const all = await database.count("messages");
  const writer = await HistoryWriter.begin(passphrase);
  let progress: ExportProgress = { done: 0, all, written: 0 };
  await give(writer.header, progress);
  const idOf = async (key: string) => (await database.get("messages", key))?.id;
  for await (const { jid } of walkChats(database)) {
    for await (const rows of walkMessages(database, jid)) {
      for (const row of rows) {
        const fits = isReadable(row);
        progress = { ...progress, done: progress.done + 1, written: progress.written + (fits ? 1 : 0) };
        const part = fits ? await writer.add(await recordOf(row, idOf)) : undefined;
        if (part !== undefined) await give(part, progress);
      }
    }
  }
  await give(await writer.end(), progress);
  return progress;
}
