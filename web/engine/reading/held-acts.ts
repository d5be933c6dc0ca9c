/** What is about messages that are not here yet: of all, of one conversation, whose flood costs no other. The oldest go. */
import type { HeldActRow } from "../store/conversation-rows.ts";
import type { Unit } from "../store/unit.ts";

const HELD = 500;
const HELD_OF_ONE = 100;

/** `by`: whose it is; of one of them the last of a kind counts, by its place in the log. */
export async function holdAct(unit: Unit, row: Omit<HeldActRow, "key">, by: string): Promise<void> {
  const { chat, act } = row;
  const key = [chat, act.of.id, act.kind, by].join("\n");
  const before = await unit.get("acts", key);
  if (before !== undefined && before.epoch === row.epoch && before.position > row.position) return;
  if (before === undefined) {
    const held = await unit.all("acts");
    const here = held.filter((one) => one.chat === chat);
    if (here.length >= HELD_OF_ONE) forgetOldest(unit, here);
    else if (held.length >= HELD) forgetOldest(unit, held);
  }
  unit.put("acts", { key, ...row });
}

function forgetOldest(unit: Unit, held: readonly HeldActRow[]): void {
  const [oldest] = held.toSorted((a, b) => a.position - b.position);
  if (oldest !== undefined) unit.delete("acts", oldest.key);
}
