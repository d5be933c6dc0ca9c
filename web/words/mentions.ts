/** Whom a text names: by the nickname that they have in a room, as a word of its own. */
import type { BareJid } from "../../worker/contract/names.ts";

/** A name of one letter is a word of many languages: it counts only behind a sign. */
const SHORT = 1;
/** No room has longer ones that anybody would write out. */
const LENGTH_MAX = 100;
/** What makes a name a part of a word or of an address, right before and right behind it. */
const JOINED_BEFORE = /[\p{L}\p{M}\p{N}_/.#&=?-]$|[\p{L}\p{M}\p{N}_]@$/u;
const JOINED_BEHIND = /^(?:[\p{L}\p{M}\p{N}_@/]|[.-][\p{L}\p{M}\p{N}_])/u;
/** A letter may take two code units, and a sign may stand between. */
const LOOKED_AT = 3;
const QUOTED = /^>.*$/gmu;

/** There is one for each room. */
const KEPT = 50;
const patterns = new Map<string, RegExp>();

/** Where a name begins and ends in a text, its `@` included; in code units. */
export type NameRange = { readonly from: number; readonly to: number };

function patternOf(nick: string): RegExp | undefined {
  const name = nick.normalize("NFC").trim();
  if (name === "" || name.length > LENGTH_MAX) return undefined;
  const known = patterns.get(name);
  if (known !== undefined) return known;
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replace(/\s+/gu, String.raw`\s+`);
  const pattern = new RegExp(`${[...name].length <= SHORT ? "@" : "@?"}${escaped}`, "giu");
  if (patterns.size >= KEPT) patterns.clear();
  patterns.set(name, pattern);
  return pattern;
}

/**
 * Where a text names the nickname: whole words, whatever the case; not within an address, and not where the text repeats
 * what was said (a line that begins with `>`, XEP-0393 §5.1.3). In order, without overlap.
 *
 * @example namesIn("thanks, @alice!", "Alice") // [{ from: 8, to: 14 }]
 */
export function namesIn(text: string, nick: string): readonly NameRange[] {
  const pattern = patternOf(nick);
  if (pattern === undefined) return [];
  const own = text.replace(QUOTED, (line) => " ".repeat(line.length));
  return [...own.matchAll(pattern)].flatMap(({ index: from, 0: { length } }) => {
    const to = from + length;
    const joined =
      JOINED_BEFORE.test(own.slice(Math.max(0, from - LOOKED_AT), from)) ||
      JOINED_BEHIND.test(own.slice(to, to + LOOKED_AT));
    return joined ? [] : [{ from, to }];
  });
}

/**
 * Whether a text names the nickname: what notifies where only mentions do.
 *
 * @example mentions("alice: are you there?", "Alice") // true
 */
export function mentions(text: string, nick: string): boolean {
  return namesIn(text, nick).length > 0;
}

/** Who is meant by a nickname, in lower case; undefined: more than one. */
export type People = ReadonlyMap<string, BareJid | undefined>;
type Said = {
  readonly outgoing: boolean;
  readonly author?: { readonly nick: string; readonly jid?: BareJid };
};

const people = new WeakMap<readonly Said[], People>();

/** Others who have said these, as far as the room shows their addresses. */
export function speakersOf(said: readonly Said[]): People {
  const known = people.get(said);
  if (known !== undefined) return known;
  const speakers = new Map<string, BareJid | undefined>();
  for (const { author, outgoing } of said) {
    if (author === undefined || outgoing) continue;
    const nick = author.nick.toLowerCase();
    speakers.set(nick, !speakers.has(nick) || speakers.get(nick) === author.jid ? author.jid : undefined);
  }
  people.set(said, speakers);
  return speakers;
}

/**
 * Where a text names us, and where it calls somebody else with an `@`; the longer name where two begin at one place. In
 * order, without overlap. `jid`: whose name it is.
 */
export function calledIn(
  text: string,
  self: string | undefined,
  others: People,
): readonly (NameRange & { readonly jid?: BareJid })[] {
  const lower = text.toLowerCase();
  const called: (NameRange & { readonly jid?: BareJid })[] = self === undefined ? [] : [...namesIn(text, self)];
  for (const [nick, jid] of others) {
    if (jid === undefined || !lower.includes(`@${nick}`)) continue;
    for (const range of namesIn(text, nick)) if (text[range.from] === "@") called.push({ ...range, jid });
  }
  let done = 0;
  return called
    .toSorted((a, b) => a.from - b.from || b.to - a.to)
    .filter(({ from, to }) => {
      if (from < done) return false;
      done = to;
      return true;
    });
}
