/**
 * The author of an encrypted message in a room that does not name them (it was in the archive, or they had left). The
 * members who list the device are tried; the ratchet decides.
 */
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { Self } from "../omemo/sessions.ts";
import type { Unit } from "../store/unit.ts";
import { addressOf } from "../store/device-rows.ts";
import type { MessageRow } from "../store/conversation-rows.ts";

/** The room names itself as the sender: the author is not known. */
export function isAnonymous({ sender, chat, occupant }: Pick<MessageEntry, "sender" | "chat" | "occupant">): boolean {
  return sender === chat && occupant !== undefined;
}

const NAME_ONLY = "nick ";

/** Whose act it is: an address, or where a room hides those, who the room says (XEP-0421). */
export function actorOf(entry: Pick<MessageEntry, "chat" | "sender" | "occupant">): string {
  if (!isAnonymous(entry)) return entry.sender;
  return `${entry.chat}\n${entry.occupant?.id ?? `${NAME_ONLY}${entry.occupant?.nick ?? ""}`}`;
}

/** The room tells nothing of them but a name, which anybody can take, and another one after it. */
export function isNameOnly(actor: string): boolean {
  return actor.includes(`\n${NAME_ONLY}`);
}

/**
 * The author of an encrypted message that the room does not name, where one member alone can have made it. A guess: the
 * room's server, and whoever writes there, chooses the device number that it rests on.
 */
export async function guessedAuthor(unit: Unit, self: Self, entry: MessageEntry): Promise<BareJid | undefined> {
  if (!isAnonymous(entry) || entry.content.kind !== "omemo") return undefined;
  return authorOf(unit, self, entry.chat, entry.content.omemo.sid);
}

/** The author of a stored message, by what is known of the room now. */
export function authorOfRow(unit: Unit, self: Self, { chat, sealed }: MessageRow): Promise<BareJid | undefined> {
  return sealed === undefined ? Promise.resolve(undefined) : authorOf(unit, self, chat, sealed.sid);
}

/** Device ids are random and long: two people with the same one are told apart by a session, or not at all. */
async function authorOf(unit: Unit, self: Self, room: BareJid, sid: DeviceId): Promise<BareJid | undefined> {
  const members = (await unit.get("rooms", room))?.members ?? [];
  const listing: BareJid[] = [];
  for (const { jid } of members) {
    const own = jid === self.jid && sid === self.device;
    const devices = (await unit.get("deviceLists", jid))?.devices ?? [];
    if (own || devices.includes(sid)) listing.push(jid);
  }
  if (listing.length < 2) return listing[0];
  const met: BareJid[] = [];
  for (const jid of listing) if ((await unit.get("sessions", addressOf(jid, sid))) !== undefined) met.push(jid);
  return met.length === 1 ? met[0] : undefined;
}
