/** That the account's server keeps no archive is said once; and once more if it had one in between. */
import type { Account } from "../account.ts";

const KEY = "no-archive";

/** Call when the object has told how the link stands. */
export async function noteArchive({ live, cache, store }: Pick<Account, "live" | "cache" | "store">): Promise<void> {
  if (live.state?.link.state !== "live" || !live.state.link.caughtUp) return;
  const missing = live.state.archive === "missing";
  if (missing === cache.notices.has(KEY)) return;
  await store.work(async (unit) => {
    if (missing) unit.put("notices", { key: KEY, dismissed: false, notice: { kind: "no-archive", key: KEY } });
    else unit.delete("notices", KEY);
  });
}
