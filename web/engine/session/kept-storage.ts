/** That the browser may throw away what is kept here is said once; and once more if it had promised otherwise in between. */
import type { Account } from "../account.ts";

const KEY = "storage-not-kept";

/** `kept`: the browser has promised to keep it until the person says otherwise (Storage Standard, persistence). */
export async function noteStorage({ cache, store }: Pick<Account, "cache" | "store">, kept: boolean): Promise<void> {
  if (kept !== cache.notices.has(KEY)) return;
  await store.work(async (unit) => {
    if (kept) unit.delete("notices", KEY);
    else unit.put("notices", { key: KEY, dismissed: false, notice: { kind: KEY, key: KEY } });
  });
}
