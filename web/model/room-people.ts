/** Who belongs to a room, in the order of its list, and what each of them is there. */
import type { RoomPerson } from "../engine/protocol/conversations.ts";
import { text } from "../i18n/aside.ts";
import { folded } from "../words/folded.ts";

/** Those with these words in their name there or their address; none: everybody. */
export function peopleFound(people: readonly RoomPerson[], words: string): readonly RoomPerson[] {
  const wanted = folded(words.trim());
  if (wanted === "") return people;
  return people.filter(({ nick = "", jid = "" }) => folded(nick).includes(wanted) || folded(jid).includes(wanted));
}

const NAMES = new Intl.Collator();
const RANK = { owner: 0, admin: 1, member: 2, none: 3 } as const;

const RANKS = { owner: "room--owner", admin: "room--admin", member: "room--member" } as const;
const ROLES = { moderator: "room--moderator", visitor: "room--visitor" } as const;

/** What somebody is there, in a word or two; undefined where that is nothing particular. */
export function rankWords({ affiliation, role }: Pick<RoomPerson, "affiliation" | "role">): string | undefined {
  const rank = affiliation === "none" ? undefined : text(RANKS[affiliation]);
  // Owners and admins lead by what they are.
  const leads = affiliation === "owner" || affiliation === "admin";
  const extra = (role === "moderator" && !leads) || role === "visitor" ? text(ROLES[role]) : undefined;
  const words = [rank, extra].filter((part) => part !== undefined);
  return words.length === 0 ? undefined : words.join(" · ");
}

/** We ourselves, then those who are there, then by rank and name. */
export function sortPeople(people: readonly RoomPerson[]): readonly RoomPerson[] {
  const name = ({ nick, jid }: RoomPerson) => nick ?? jid ?? "";
  return [...people].sort(
    (a, b) =>
      Number(b.self) - Number(a.self) ||
      Number(b.here) - Number(a.here) ||
      RANK[a.affiliation] - RANK[b.affiliation] ||
      NAMES.compare(name(a), name(b)),
  );
}
