/** Who belongs to a room: by its list, or, where that is kept from us, as far as they were seen there. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomMember } from "../../../worker/contract/rooms.ts";
import type { Unit } from "../store/unit.ts";

/** XEP-0045 §9.5: some services give the list to admins alone. */
const KEPT: readonly (string | undefined)[] = ["forbidden", "not-allowed", "not-authorized"];

export function isKeptFromUs({ kind, detail }: Failure): boolean {
  return kind === "peer-refused" && KEPT.includes(detail);
}

/** Stores the list, or adds those who were seen to those who are known, and takes out those who are `removed`. */
export async function noteMembers(
  unit: Unit,
  jid: BareJid,
  listed: readonly RoomMember[] | undefined,
  seen: readonly RoomMember[],
  removed: readonly BareJid[] = [],
): Promise<void> {
  const row = await unit.get("rooms", jid);
  if (row === undefined) return;
  const { unlisted, ...rest } = row;
  const members = listed ?? together(row.members ?? [], seen).filter(({ jid: who }) => !removed.includes(who));
  const same =
    JSON.stringify(row.members) === JSON.stringify(members) && (listed === undefined) === (unlisted === true);
  if (!same) unit.put("rooms", { ...rest, members, ...(listed === undefined && { unlisted: true }) });
}

function together(known: readonly RoomMember[], seen: readonly RoomMember[]): readonly RoomMember[] {
  return [...new Map([...known, ...seen].map((member) => [member.jid, member])).values()];
}
