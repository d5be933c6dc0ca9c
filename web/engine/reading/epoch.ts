/** Another epoch of the log: what was known by its numbers means nothing any more. */
import { NOTHING_READ } from "../protocol/conversations.ts";
import type { Unit } from "../store/unit.ts";

/** Every text stays; its rows are found again by their names. */
export async function forgetPlaces(unit: Unit): Promise<void> {
  // Positions begin again there: what was read is marked, and the archive may reach further back than it did.
  for (const chat of await unit.all("chats")) {
    for (const row of await unit.counted(chat.jid, chat.readTo)) unit.put("messages", { ...row, counted: 0 });
    unit.put("chats", { ...chat, readTo: NOTHING_READ, complete: undefined, untold: undefined });
  }
  for (const { gap } of await unit.all("gaps")) unit.delete("gaps", gap);
  // What the lost log had accepted may never have reached the server: the same bytes are submitted again.
  for (const row of await unit.all("outbox")) {
    if (row.stage === "accepted") unit.put("outbox", { ...row, stage: "finished" });
  }
}
