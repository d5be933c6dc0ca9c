/** Who is meant while a name or an address is being typed. */
import type { BareJid } from "../../worker/contract/names.ts";
import { localOf } from "../../worker/shared/jid.ts";
import { folded } from "../words/folded.ts";
import { isContact, type ShownChat } from "./chats.ts";

const WITHIN_MIN = 3;
/** More of them are no help. */
const SUGGESTED_MAX = 6;

/** How well somebody fits: a word of the name begins so, the address does, it stands somewhere within. */
function rankOf({ name, jid }: ShownChat, wanted: string): number | undefined {
  if (wanted === "") return 0;
  const named = folded(name);
  if (named.startsWith(wanted) || named.split(/[\s.\-_]+/u).some((word) => word.startsWith(wanted))) return 0;
  const address = folded(jid);
  if (address.startsWith(wanted)) return 1;
  // A letter or two stand somewhere in every domain.
  const within = wanted.length >= WITHIN_MIN ? address : folded(localOf(jid));
  return named.includes(wanted) || within.includes(wanted) ? 2 : undefined;
}

/**
 * Contacts and people who were written with, the best and newest first; neither rooms, nor strangers who wrote, nor who is
 * blocked, nor those `without`.
 */
export function suggestPeople(
  chats: Iterable<ShownChat>,
  typed: string,
  without: ReadonlySet<BareJid> = new Set(),
): readonly ShownChat[] {
  const wanted = folded(typed.trim());
  return [...chats]
    .flatMap((chat) => {
      const known = isContact(chat) || chat.relation === "former";
      const rank = known && chat.room === undefined && !without.has(chat.jid) ? rankOf(chat, wanted) : undefined;
      return rank === undefined ? [] : [{ chat, rank }];
    })
    .sort(
      (a, b) =>
        a.rank - b.rank || (b.chat.last?.at ?? 0) - (a.chat.last?.at ?? 0) || (a.chat.jid < b.chat.jid ? -1 : 1),
    )
    .slice(0, SUGGESTED_MAX)
    .map(({ chat }) => chat);
}

/** The address that is meant: what is typed where it is one, else the first who fits. */
export function meantAddress(typed: string, suggested: readonly ShownChat[]): string {
  return typed.includes("@") ? typed : (suggested[0]?.jid ?? typed);
}
