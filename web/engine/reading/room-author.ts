/**
 * The author of an encrypted message in a room that does not name them (it was in the archive, or they had left). The
 * members who list the device are tried; the ratchet decides.
 */
import type { BareJid, DeviceId, MessageEntry } from "../../../worker/contract.ts";
import { receive } from "../omemo/receive.ts";
import type { Self } from "../omemo/sessions.ts";
import { doubtOf } from "../omemo/trust-pins.ts";
import { putText } from "./references.ts";
import type { Unit } from "../store/unit.ts";
import { addressOf } from "../store/device-rows.ts";
import type { MessageRow } from "../store/conversation-rows.ts";

/** The room names itself as the sender: the author is not known. */
export function isAnonymous({ sender, chat, occupant }: MessageEntry): boolean {
  return sender === chat && occupant !== undefined;
}

/** The entry with its author, where exactly one member can have made it; else as it was. */
export async function withAuthor(unit: Unit, self: Self, entry: MessageEntry): Promise<MessageEntry> {
  if (!isAnonymous(entry) || entry.content.kind !== "omemo") return entry;
  const author = await authorOf(unit, self, entry.chat, entry.content.omemo.sid);
  return author === undefined ? entry : { ...entry, sender: author };
}

/** Tries again the messages without an author, now that more is known of the members. */
export async function retryUnknown(unit: Unit, self: Self, room: BareJid): Promise<void> {
  for (const row of await unit.messages("retryKey", room)) {
    const { sealed, occupant } = row;
    const author = sealed && (await authorOf(unit, self, room, sealed.sid));
    if (sealed === undefined || author === undefined) continue;
    const received = await receive(unit, self, author, sealed, Date.now());
    if (received.kind !== "text") continue;
    const body = { kind: "text", text: received.text } as const;
    const named = occupant && { nick: occupant.nick, jid: author };
    const doubt = await doubtOf(unit, { jid: author, device: sealed.sid }, Date.now());
    const opened: MessageRow = {
      ...row,
      body,
      ...(named && { author: named }),
      outgoing: author === self.jid,
      doubt,
      retryKey: doubt === undefined ? undefined : addressOf(author, sealed.sid),
      sealed: undefined,
    };
    await putText(unit, opened, { account: self.jid, sender: author, known: row });
  }
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
