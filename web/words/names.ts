/** Names and addresses as they are shown: on one line, never empty, never as somebody else's. */
import type { BareJid } from "../../worker/contract/names.ts";
import { cut } from "../../worker/shared/cut.ts";
import { asciiDomain, domainOf, localOf } from "../../worker/shared/jid.ts";
import { mixesAlphabets, mixesScripts, passesForLatin, skeletonOf } from "./skeleton.ts";
import { isVisible } from "./visible.ts";

/** Characters of a name that are shown; longer ones push aside what says whose they are. */
const NAME_LENGTH_MAX = 80;
/** Controls, line breaks, and what draws nothing; the joiners of emoji and of scripts that need them stay inside a word. */
const NOT_IN_A_NAME = /[\p{Cc}\p{Cs}\u2028\u2029]|(?!\u200c|\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point}/gu;

/** A name that somebody gave, fit for a line. `fallback` where nothing of it can be seen. */
export function shownName(name: string, fallback: string): string {
  const seen = name.replace(NOT_IN_A_NAME, " ").replace(/\s+/gu, " ").trim();
  if (!isVisible(seen)) return fallback;
  if (seen.length <= NAME_LENGTH_MAX) return seen;
  return `${cut(seen, NAME_LENGTH_MAX - 1)}…`;
}

/** What somebody is called of whom nothing but the address is known: its first part, with a capital. */
export function nameOfAddress(jid: BareJid): string {
  const local = localOf(jid);
  const [first = ""] = local;
  // A service has no first part, and its domain is no name.
  return jid.includes("@") ? first.toLocaleUpperCase() + local.slice(first.length) : local;
}

/** Whether a domain may stand alone in the letters of its language; else its ASCII form has to be shown, too. */
export function isPlainDomain(domain: string): boolean {
  return domain.split(".").every((label) => !mixesScripts(label) && !passesForLatin(label));
}

/** An address, with the ASCII form of its domain where that mixes alphabets or passes for a Latin one (RFC 5890). */
export function addressText(jid: string): string {
  const domain = domainOf(jid);
  return isPlainDomain(domain) ? jid : `${jid} (${asciiDomain(domain)})`;
}

type Named = { readonly jid: BareJid; readonly name: string };

/**
 * Of these, whose name or address looks like another one's name or address, or mixes alphabets within a word, and so does
 * not say who it is. `own`: the address of the account, which nobody else may look like.
 */
export function lookAlikes(named: Iterable<Named>, own: BareJid | undefined): ReadonlySet<BareJid> {
  const first = new Map<string, BareJid>(own === undefined ? [] : [[skeletonOf(own), own]]);
  const alike = new Set<BareJid>();
  for (const { jid, name } of named) {
    if (mixesAlphabets(name) || mixesAlphabets(jid)) alike.add(jid);
    for (const looks of [skeletonOf(name), skeletonOf(jid)]) {
      const other = first.get(looks);
      if (other === undefined) first.set(looks, jid);
      else if (other !== jid) alike.add(jid).add(other);
    }
  }
  return alike;
}

type Author = { readonly nick: string; readonly jid?: BareJid | undefined };

/**
 * The nicknames of a room that do not say who somebody is: each looks like another one, is used by several people, or mixes
 * alphabets within a word. Nicknames are compared as the room has them, so `Bob` and `bob` look alike, too (T24).
 */
export function alikeNicks(authors: Iterable<Author>): ReadonlySet<string> {
  const first = new Map<string, Author>();
  const alike = new Set<string>();
  for (const { nick, jid } of authors) {
    if (mixesAlphabets(nick)) alike.add(nick);
    const looks = skeletonOf(nick);
    const other = first.get(looks);
    const known = other?.jid ?? jid;
    if (other === undefined || (other.nick === nick && other.jid === undefined)) first.set(looks, { nick, jid: known });
    else if (other.nick !== nick || (jid !== undefined && jid !== other.jid)) alike.add(nick).add(other.nick);
  }
  return alike;
}
