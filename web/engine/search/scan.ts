/** Which lines of a sheet fit a question. Pure, and linear in the length of the sheet. */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { SearchQuery } from "../protocol/search.ts";
import { OWN } from "../store/sheet-lines.ts";

export type Match = { readonly key: string; readonly at: number };

/** What `linkify` takes for one, in folded words: a scheme, `www.`, or an address. */
const LINK =
  /(?:^|[^\p{L}\p{N}])(?:https?:\/\/|xmpp:|mailto:|geo:-?\d|www\.[^.\s]+\.)[^\s<>"]|[\w.%+-]@[\p{L}\p{N}-]+\.[\p{L}\p{N}]/u;

export function hasLink(words: string): boolean {
  return LINK.test(words);
}

/** A question, made ready for many lines. */
export type Question = {
  readonly words: readonly string[];
  readonly fits: (line: Line) => boolean;
};

type Line = { readonly at: number; readonly chat: string; readonly who: string; readonly words: string };

export function questionOf({ words, chats, from, since, until, link }: SearchQuery): Question {
  const places: ReadonlySet<string> = new Set(chats);
  const people: ReadonlySet<string> = new Set(from?.people);
  const wrote = ({ chat, who }: Line): boolean => {
    if (from === undefined) return true;
    if (who === OWN) return from.own;
    if (who === "") return people.has(chat);
    const [jid = "", ...nick] = who.split(" ");
    return people.has(jid) || (from.nick !== undefined && nick.join(" ").includes(from.nick));
  };
  return {
    // The longest is the rarest: where it is not, nothing else has to be looked for.
    words: words.toSorted((a, b) => b.length - a.length),
    fits: (line) =>
      places.has(line.chat) &&
      (since === undefined || line.at >= since) &&
      (until === undefined || line.at < until) &&
      wrote(line) &&
      words.every((word) => line.words.includes(word)) &&
      (link !== true || hasLink(line.words)),
  };
}

/** Adds what fits. */
export function scan(lines: string, { words, fits }: Question, into: Match[]): void {
  const [first = "\n"] = words;
  if (words.some((word) => !lines.includes(word))) return;
  for (let at = lines.indexOf(first); at >= 0; ) {
    const from = first === "\n" ? at : lines.lastIndexOf("\n", at);
    const next = lines.indexOf("\n", at + 1);
    const end = next < 0 ? lines.length : next;
    const [key = "", time, chat = "", who = "", text = ""] = lines.slice(from + 1, end).split("\t");
    if (fits({ at: Number(time), chat, who, words: text })) into.push({ key, at: Number(time) });
    at = lines.indexOf(first, end);
  }
}

/** When the oldest text of each conversation on a sheet was said. */
export function oldestIn(lines: string): ReadonlyMap<BareJid, number> {
  const oldest = new Map<BareJid, number>();
  for (let from = lines.indexOf("\n"); from >= 0; from = lines.indexOf("\n", from + 1)) {
    const key = lines.indexOf("\t", from);
    const time = lines.indexOf("\t", key + 1);
    const chat = lines.slice(time + 1, lines.indexOf("\t", time + 1)) as BareJid;
    const at = Number(lines.slice(key + 1, time));
    if (at < (oldest.get(chat) ?? Number.POSITIVE_INFINITY)) oldest.set(chat, at);
  }
  return oldest;
}
