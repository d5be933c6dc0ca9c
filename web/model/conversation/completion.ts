/** What stands before the caret and may be completed: the name of somebody in a room, the name of an emoji. Pure. */
import type { RoomPerson } from "../../engine/protocol/conversations.ts";
import { shownName } from "../../words/names.ts";
import { fold } from "../chats.ts";

/** `from` to `to`: where it stands, its sign included; `typed`: without. `closed`: the second colon is typed, too. */
export type TypedWord = {
  readonly kind: "person" | "emoji";
  readonly from: number;
  readonly to: number;
  readonly typed: string;
  readonly closed?: true;
};

const PERSON = /(?<=^|[\s("'])@([^\s@]{0,40})$/u;
/** At least two letters: `:)`, `:D` and `12:30` are none. */
const EMOJI = /(?<=^|[\s(])(:([\p{L}\p{N}_+-]{2,40}))(:?)$/u;
/** Longer words are not looked at. */
const LENGTH_MAX = 60;
export const OFFERED_MAX = 8;

/** @param people whether there are people to be named */
export function typedWord(text: string, caret: number, people: boolean): TypedWord | undefined {
  const begins = Math.max(0, caret - LENGTH_MAX);
  const before = text.slice(begins, caret);
  const person = people ? PERSON.exec(before) : null;
  if (person !== null) return { kind: "person", from: begins + person.index, to: caret, typed: person[1] ?? "" };
  const emoji = EMOJI.exec(before);
  if (emoji === null) return undefined;
  const { index, 2: typed = "", 3: end = "" } = emoji;
  return { kind: "emoji", from: begins + index, to: caret, typed, ...(end !== "" && { closed: true }) };
}

/** The text with something in place of the word, a space behind it, and where the caret is then. */
export function completed(text: string, { from, to }: TypedWord, instead: string): { text: string; caret: number } {
  const rest = text.slice(to);
  const put = `${instead}${rest.startsWith(" ") ? "" : " "}`;
  return { text: text.slice(0, from) + put + rest, caret: from + instead.length + 1 };
}

/**
 * Who may be named: others of the room whose name, a word of it, or address begins so; who has spoken last, then who is
 * there, then by name.
 *
 * @param spoken nicknames, the newest first
 */
export function namedPeople(
  people: readonly RoomPerson[],
  typed: string,
  spoken: readonly string[],
): readonly (RoomPerson & { readonly nick: string })[] {
  const wanted = fold(typed);
  const place = (nick: string) => (spoken.includes(nick) ? spoken.indexOf(nick) : spoken.length);
  return people
    .flatMap((person) => {
      const { nick, jid, self } = person;
      // A line break in a name would tear it in two; whoever has such a name cannot be named.
      if (nick === undefined || self || shownName(nick, "") !== nick) return [];
      const words = [nick, ...nick.split(/[\s.\-_]+/u), jid ?? ""];
      return words.some((word) => fold(word).startsWith(wanted)) ? [{ ...person, nick }] : [];
    })
    .sort((a, b) => place(a.nick) - place(b.nick) || Number(b.here) - Number(a.here) || (a.nick < b.nick ? -1 : 1))
    .slice(0, OFFERED_MAX);
}
