/** Whom a name that is being typed may mean. Pure. */
import type { RoomPerson } from "../../engine/protocol/conversations.ts";
import { shownName } from "../../words/names.ts";
import { folded } from "../../words/folded.ts";

export const OFFERED_MAX = 8;

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
  const wanted = folded(typed);
  const place = (nick: string) => (spoken.includes(nick) ? spoken.indexOf(nick) : spoken.length);
  return people
    .flatMap((person) => {
      const { nick, jid, self } = person;
      // A line break in a name would tear it in two; whoever has such a name cannot be named.
      if (nick === undefined || self || shownName(nick, "") !== nick) return [];
      const words = [nick, ...nick.split(/[\s.\-_]+/u), jid ?? ""];
      return words.some((word) => folded(word).startsWith(wanted)) ? [{ ...person, nick }] : [];
    })
    .sort((a, b) => place(a.nick) - place(b.nick) || Number(b.here) - Number(a.here) || (a.nick < b.nick ? -1 : 1))
    .slice(0, OFFERED_MAX);
}
