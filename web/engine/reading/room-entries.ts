/** What the log says about a room, laid on the store. */
import type { BareJid, RoomEntry } from "../../../worker/contract.ts";
import { changeChat } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";

/**
 * Somebody we know as a person is never taken for a room: a room says for whom its messages are encrypted, and whether
 * they are at all.
 */
export async function isPerson(unit: Unit, jid: BareJid): Promise<boolean> {
  if ((await unit.get("contacts", jid)) !== undefined) return true;
  return ((await unit.get("deviceLists", jid))?.devices.length ?? 0) > 0;
}

/** This account wants to be in a room, or no longer does. Only an answered invitation is gone. */
export async function applyRoom(unit: Unit, { jid, nick, joined }: RoomEntry): Promise<void> {
  if (await isPerson(unit, jid)) return;
  const before = await unit.get("rooms", jid);
  unit.put("rooms", { ...before, jid, nick, joined, ...(joined && { invitedBy: undefined }) });
  if (joined) await changeChat(unit, jid, {});
}
