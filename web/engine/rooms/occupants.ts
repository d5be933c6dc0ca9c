/** Who is in a room, as the object tells it: the whole of a small one, of a large one what has changed. Pure. */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Occupant, RoomInfo } from "../../../worker/contract/rooms.ts";

/** Of a large room only ourselves are told with it: the others are those who are known. */
export function withKnown(info: RoomInfo, known: ReadonlyMap<BareJid, RoomInfo>): RoomInfo {
  if (info.people === undefined) return info;
  const others = known.get(info.jid)?.occupants ?? [];
  return { ...info, occupants: withChanges(info.occupants, { here: others, gone: [] }, "keep") };
}

/** The list after somebody has come, changed or gone. Whoever is in it keeps their place, ourselves the first one. */
export function withChanges(
  list: readonly Occupant[],
  { here, gone }: { readonly here: readonly Occupant[]; readonly gone: readonly string[] },
  known: "keep" | "replace" = "replace",
): readonly Occupant[] {
  const byNick = new Map(list.map((occupant) => [occupant.nick, occupant]));
  for (const nick of gone) byNick.delete(nick);
  for (const occupant of here)
    if (known === "replace" || !byNick.has(occupant.nick)) byNick.set(occupant.nick, occupant);
  return [...byNick.values()];
}
