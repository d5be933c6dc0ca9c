/** Where the quick switcher may lead. Pure. */
import type { BareJid } from "../../../worker/contract/names.ts";
import { folded } from "../../words/folded.ts";
import type { ShownChat } from "../chats.ts";

/** More of them are no help. */
const SHOWN_MAX = 7;
const ADDRESS = /^(?:xmpp:)?[^\s@/]+@[^\s@/]{2,}$/iu;

/** How well a conversation fits: beginnings of its name's words in order, its address, anywhere in the name, in the address. */
function rankOf({ name, jid }: ShownChat, words: readonly string[]): number | undefined {
  const named = folded(name);
  const parts = named.split(/[\s.\-_@]+/u);
  let at = 0;
  const begins = words.every((word) => {
    const found = parts.findIndex((part, index) => index >= at && part.startsWith(word));
    at = found + 1;
    return found >= 0;
  });
  if (begins) return 0;
  const address = folded(jid);
  const [first = ""] = words;
  if (words.length === 1 && address.startsWith(first)) return 1;
  if (words.length === 1 && isInitials(first, parts)) return 1;
  if (words.every((word) => named.includes(word))) return 2;
  return words.every((word) => address.includes(word) && word.length > 2) ? 3 : undefined;
}

/** `am` for Anna Müller. */
function isInitials(letters: string, parts: readonly string[]): boolean {
  return (
    letters.length > 1 &&
    parts
      .map((part) => part.slice(0, 1))
      .join("")
      .startsWith(letters)
  );
}

/** The best and newest; with nothing typed those of last, without the one that is `open`. */
export function targetsFor(chats: Iterable<ShownChat>, typed: string, open?: BareJid): readonly ShownChat[] {
  const words = folded(typed.replace(/^xmpp:/i, ""))
    .trim()
    .split(" ")
    .filter((word) => word !== "");
  const ranked = [...chats].flatMap((chat) => {
    if (chat.unlisted === true) return [];
    const rank =
      words.length === 0 ? (chat.jid === open || chat.last === undefined ? undefined : 0) : rankOf(chat, words);
    return rank === undefined ? [] : [{ chat, rank }];
  });
  const newest = (chat: ShownChat) => chat.last?.at ?? 0;
  return ranked
    .sort((a, b) => a.rank - b.rank || newest(b.chat) - newest(a.chat) || (a.chat.jid < b.chat.jid ? -1 : 1))
    .slice(0, SHOWN_MAX)
    .map(({ chat }) => chat);
}

/** A whole address of somebody with whom there is no conversation yet. */
export function newAddress(chats: ReadonlyMap<BareJid, ShownChat>, typed: string): string | undefined {
  const address = typed.trim();
  if (!ADDRESS.test(address)) return undefined;
  const known = chats.get(address.replace(/^xmpp:/i, "").toLowerCase() as BareJid);
  return known === undefined || known.unlisted === true ? address : undefined;
}
