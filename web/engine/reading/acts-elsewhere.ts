/**
 * Acts of ours that another own browser has sent. They are shown here as there; until the server has one it may still fail,
 * and is undone here, too.
 */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { EntryId } from "../../../worker/contract/names.ts";
import type { HeldActRow, MessageRow } from "../store/conversation-rows.ts";
import type { Unit } from "../store/unit.ts";
import { putReaction, restore, retract } from "./act-rows.ts";

type Act = Omit<HeldActRow, "key" | "done">;

/** It was done to this message; its entry will say whether it arrives. Nothing for what can fail no more. */
export async function awaitWord(unit: Unit, act: Act, { key: to, reactions }: MessageRow): Promise<void> {
  if (act.entry === undefined) return;
  const all = await unit.all("acts");
  // Of two changes that have not arrived the first knows what stood there before both.
  const first = all.find(({ act: other, done }) => other.kind === act.act.kind && done?.to === to);
  const before = first?.done?.before ?? reactions?.find(({ own }) => own)?.emojis ?? [];
  unit.put("acts", { ...act, key: `under way\n${act.entry}`, done: { to, before } });
}

/** What became of those with this entry: they have arrived, or not, for a reason. */
export async function settleElsewhere(unit: Unit, message: EntryId, failure: Failure | undefined): Promise<void> {
  for (const row of (await unit.all("acts")).filter(({ entry }) => entry === message)) {
    const { done, client, epoch, position } = row;
    // It waits for its message; when that comes, it is done for good.
    if (done === undefined && failure === undefined) unit.put("acts", { ...row, entry: undefined });
    else unit.delete("acts", row.key);
    const target = done && (await unit.get("messages", done.to));
    if (target === undefined) continue;
    const own = target.reactions?.find((one) => one.own);
    if (row.act.kind === "retraction" && target.withdrawing === client)
      await (failure ? restore(unit, target, failure) : retract(unit, { ...target, withdrawing: undefined }, {}));
    else if (failure && own?.epoch === epoch && own.position === position)
      await putReaction(unit, target, { ...own, emojis: done?.before ?? [] });
  }
}
