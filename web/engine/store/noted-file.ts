/** What somebody has found the file of a message to be. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { SeenFile } from "../protocol/files.ts";
import { putMessage } from "./messages.ts";
import type { Store } from "./store.ts";

/** Fails with `not-found` where the message is not here, or was deleted. */
export function noteFile(store: Store, key: string, seen: SeenFile): Promise<Result<{ readonly done: true }>> {
  return store.work(async (unit) => {
    const row = await unit.get("messages", key);
    if (row === undefined || row.hidden === 2) return { ok: false, error: { kind: "not-found" } };
    await putMessage(unit, { ...row, seen }, { row });
    return { ok: true, value: { done: true } };
  });
}
