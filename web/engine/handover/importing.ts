/** Reading in a file that another own browser has written: it fills in what cannot be read here, and changes nothing else. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { Account } from "../account.ts";
import { readHistory } from "../chunks/history-file.ts";
import type { MessageText } from "../chunks/record.ts";
import type { Imported, NotImported } from "../protocol/exporting.ts";
import { CommitError } from "../store/unit.ts";
import { fill, lookupsFor } from "./filling.ts";

/** Records of one transaction. */
const TOGETHER = 100;

/**
 * Fails with `storage-full` where the disk takes no more; what was read until then stays, and the same file fills in the rest
 * another time.
 */
export async function importHistory(
  { self, store }: Pick<Account, "self" | "store">,
  file: Blob,
  passphrase: string,
): Promise<Result<Imported | NotImported>> {
  let imported: Imported = { how: "read", filled: 0, known: 0, elsewhere: 0, bad: 0, whole: false };
  const filling = { account: self.jid, from: "" };
  const fillIn = (records: readonly MessageText[]) =>
    store.work(async (unit) => {
      await unit.lookAhead(lookupsFor(records));
      let next = imported;
      for (const record of records) {
        const filled = await fill(unit, filling, record);
        const counted = filled === "refused" ? "bad" : filled;
        next = { ...next, [counted]: next[counted] + 1 };
      }
      return next;
    });
  for await (const part of readHistory(file, passphrase)) {
    switch (part.kind) {
      case "not-a-history":
      case "wrong-passphrase":
        return { ok: true, value: { how: part.kind } };
      case "end":
        return { ok: true, value: { ...imported, whole: part.whole } };
      case "records":
        imported = { ...imported, bad: imported.bad + part.bad };
        try {
          for (let from = 0; from < part.records.length; from += TOGETHER)
            imported = await fillIn(part.records.slice(from, from + TOGETHER));
        } catch (error) {
          if (error instanceof CommitError) return { ok: false, error: { kind: "storage-full" } };
          throw error;
        }
    }
  }
  return { ok: true, value: imported };
}
