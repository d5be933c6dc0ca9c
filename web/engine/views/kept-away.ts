/** Whose words are shown to nobody, for a page that asks. */
import type { Account } from "../account.ts";
import { addressText, shownName } from "../../words/names.ts";
import type { KeptAway } from "../protocol/conversations.ts";
import { waitsAtTheDoor } from "./chats.ts";

/** Who is kept away, by name. */
export function keptAwayIn(account: Account): readonly KeptAway[] {
  const { chats, contacts, rooms } = account.cache;
  return [...new Set([...contacts.keys(), ...chats.keys(), ...rooms.keys()])].flatMap((jid): readonly KeptAway[] => {
    const { name, declined, blocked } = contacts.get(jid) ?? {};
    if (declined !== true && blocked !== true)
      return waitsAtTheDoor(account, jid) ? [{ jid, name: addressText(jid), how: "waiting" }] : [];
    const how = blocked === true ? "blocked" : "declined";
    return [{ jid, name: shownName(name ?? "", addressText(jid)), how }];
  });
}
