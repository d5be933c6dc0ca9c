/**
 * What to do about one room when the account's server tells what it remembers of it (XEP-0402): a merge of three, for other
 * clients of the account write there as well. Pure.
 */
import type { KnownBookmark } from "../store/bookmarks.ts";
import type { Room } from "../store/room.ts";
import type { Bookmark } from "../xep/bookmarks.ts";

/**
 * `enter`: another client has. `rename`: it has given us another name there. `leave`: it has left. `tell`: we have entered or
 * left, and the server does not know.
 */
export type BookmarkStep = "enter" | "rename" | "leave" | "tell" | "nothing";

/**
 * @param known as it was acted on last
 * @param told by the server, now; undefined: nothing
 * @param room as it is here
 */
export function bookmarkStep(
  known: KnownBookmark | undefined,
  told: Bookmark | undefined,
  room: Pick<Room, "wanted" | "nick" | "tentative"> | undefined,
): BookmarkStep {
  // On the way in for the first time: it is told once we are.
  if (room?.tentative) return "nothing";
  const here = room?.wanted === true;
  if (known?.owes) return told === undefined && !here ? "nothing" : "tell";
  const before = known?.autojoin === true;
  const now = told?.autojoin === true;
  if (here && now) return isRenamed(known, told, room) ? "rename" : "nothing";
  if (here) return before ? "leave" : "tell";
  // Who was put out of a room, or not let in, stays out until somebody asks again.
  return now && !before ? "enter" : "nothing";
}

function isRenamed(known: Bookmark | undefined, told: Bookmark, room: Pick<Room, "nick">): boolean {
  return known !== undefined && told.nick !== undefined && told.nick !== known.nick && told.nick !== room.nick;
}
