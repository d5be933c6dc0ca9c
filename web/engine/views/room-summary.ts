/** What the conversation list shows of a room. */
import type { Account } from "../account.ts";
import { doubtfulIn, othersIn, unableIn } from "../rooms/audience.ts";
import type { RoomSummary } from "../protocol/conversations.ts";
import type { RoomRow } from "../store/conversation-rows.ts";

type Known = Pick<Account, "self" | "cache" | "directory" | "live">;

/** What is not known yet is shown as it was last. */
export function roomSummary(account: Known, room: RoomRow): RoomSummary {
  const now = account.live.rooms.get(room.jid);
  const members = room.closed === true && room.members !== undefined ? othersIn(account, room).length + 1 : 0;
  const { invitedBy, subject } = room;
  return {
    state:
      invitedBy !== undefined
        ? "invited"
        : room.joined
          ? now?.state === "left"
            ? "joining"
            : (now?.state ?? "joining")
          : "left",
    ...(invitedBy !== undefined && { invitedBy }),
    ...(now?.failure !== undefined && { failure: now.failure }),
    ...(subject !== undefined && { subject }),
    people: members > 0 ? members : (now?.occupants.length ?? 0),
    unable: unableIn(account, room),
    ...doubtfulIn(account, room),
  };
}
