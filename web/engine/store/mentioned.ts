/** Unread messages of a room that name us, by their places: they are few, and the list says how many. */
import { mentions } from "../../words/mentions.ts";
import type { Position } from "../../../worker/contract/names.ts";
import type { ChatRow, MessageRow } from "./conversation-rows.ts";
import type { Unit } from "./unit.ts";

/** More than anybody counts. */
const KEPT = 99;

/** What the places are once this row is stored: whoever corrects their words, or takes them back, names us or does not. */
export async function mentionsWith(
  unit: Unit,
  row: MessageRow,
  chat: ChatRow,
): Promise<readonly Position[] | undefined> {
  const before = chat.mentions ?? [];
  const known = before.includes(row.position);
  const names = row.author !== undefined && row.position > chat.readTo && (await namesUs(unit, row));
  if (names === known) return chat.mentions;
  const unread = before.filter((place) => place > chat.readTo && place !== row.position);
  return names ? [...unread, row.position].slice(-KEPT) : unread;
}

async function namesUs(unit: Unit, row: MessageRow): Promise<boolean> {
  if (row.outgoing || row.hidden !== 0 || row.counted !== 1 || row.retracted || row.body.kind !== "text") return false;
  if (row.whisper !== undefined) return true;
  const nick = (await unit.get("rooms", row.chat))?.nick;
  return nick !== undefined && mentions(row.body.text, nick);
}

/** How many of them are unread. */
export function mentionsIn({ mentions: places = [], readTo }: Pick<ChatRow, "mentions" | "readTo">): number {
  return places.filter((place) => place > readTo).length;
}
