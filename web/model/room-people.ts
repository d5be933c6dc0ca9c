/** Who belongs to a room, in the order of its list. */
import type { RoomPerson } from "../engine/protocol/conversations.ts";

const NAMES = new Intl.Collator();
const RANK = { owner: 0, admin: 1, member: 2, none: 3 } as const;

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
