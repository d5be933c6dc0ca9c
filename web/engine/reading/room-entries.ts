/** Applies the entries of rooms to the store. */
import type { RoomEntry } from "../../../worker/contract/entries.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { listedContact } from "../store/people-rows.ts";
import { changeChat } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";

/**
 * Somebody we know as a person is never taken for a room: a room says for whom its messages are encrypted, and whether
 * they are at all.
 */
export async function isPerson(unit: Unit, jid: BareJid): Promise<boolean> {
  if (listedContact(await unit.get("contacts", jid)) !== undefined) return true;
  return ((await unit.get("deviceLists", jid))?.devices.length ?? 0) > 0;
}

/** This account has joined a room or left it. Joining answers an invitation; leaving keeps one that came since. */
export async function applyRoom(
  unit: Unit,
  { jid, nick, joined }: Pick<RoomEntry, "jid" | "nick" | "joined">,
): Promise<void> {
  if (await isPerson(unit, jid)) return;
  const before = await unit.get("rooms", jid);
  unit.put("rooms", { ...before, jid, nick, joined, ...(joined && { invitedBy: undefined }) });
  if (joined) await changeChat(unit, jid, {});
}
