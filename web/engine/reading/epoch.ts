/** A log that is another one, or older than it was: what was known by its numbers means nothing any more. */
import { putMessage } from "../store/messages.ts";
import { NOTHING_READ } from "../protocol/conversations.ts";
import type { Unit } from "../store/unit.ts";

/** Every text stays; its rows are found again by their names. */
export async function forgetPlaces(unit: Unit): Promise<void> {
  // Positions begin again there: what was read is marked, and the archive may reach further back than it did.
  for (const chat of await unit.all("chats")) {
    for (const row of await unit.counted(chat.jid, chat.readTo)) unit.put("messages", { ...row, counted: 0 });
    unit.put("chats", { ...chat, readTo: NOTHING_READ, complete: undefined, untold: undefined, mentions: undefined });
  }
  for (const { gap } of await unit.all("gaps")) unit.delete("gaps", gap);
  // What the lost log had accepted may never have reached the server: the same bytes are submitted again.
  for (const row of await unit.all("outbox")) {
    if (row.stage === "accepted") unit.put("outbox", { ...row, stage: "finished" });
  }
}

/**
 * The object has accepted fewer messages of this browser than it once said: a copy of its storage was put back. Where this
 * browser had read no further than the copy goes, no cursor tells, and what was accepted since would be neither sent nor found
 * again. Its bytes are submitted again, and its row has no place until it gets one.
 * @param accepted the number of the last message that the object has
 */
export async function takeBackAccepted(unit: Unit, accepted: number): Promise<void> {
  for (const row of await unit.all("outbox")) {
    if (row.stage !== "accepted" || row.number === undefined || row.number <= accepted) continue;
    unit.put("outbox", { ...row, stage: "finished" });
    const message = await unit.get("messages", row.client);
    if (message === undefined) continue;
    const { id: _lost, epoch: _other, ...unplaced } = message;
    await putMessage(unit, unplaced, { row: message });
  }
}
