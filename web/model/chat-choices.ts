/** What a person's choices make of a conversation at a time: what is out of the list, silent, or to be read again. */
import type { Time } from "../../worker/contract/names.ts";
import type { ChatSummary } from "../engine/protocol/conversations.ts";
import { dayNumber, HERE, type Place } from "./format.ts";

const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;
/** When a day begins for somebody who wanted quiet until then. */
const MORNING_HOURS = 8;

/** Nothing of it makes itself noticed. */
export function isMuted({ choices }: Pick<ChatSummary, "choices">, now: Time): boolean {
  const until = choices?.muted;
  return until === "always" || (typeof until === "number" && until > now);
}

export function isPinned({ choices }: Pick<ChatSummary, "choices">): boolean {
  return choices?.pinned === true;
}

/** Until something newer comes, or for as long as it is muted. */
export function isArchived(chat: Pick<ChatSummary, "choices" | "newest">, now: Time): boolean {
  const place = chat.choices?.archived;
  return typeof place === "number" && (Math.floor(chat.newest ?? place) <= place || isMuted(chat, now));
}

/** The place that archives what is there now. Own messages on their way have none yet; those that failed have half a one. */
export function placeOf({ newest }: Pick<ChatSummary, "newest">): number {
  return newest === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(newest);
}

/** The person wants to come back to it, and nobody of the account has read on since. */
export function isMarkedUnread({ choices, readTo }: Pick<ChatSummary, "choices" | "readTo">): boolean {
  const place = choices?.unread;
  return typeof place === "number" && readTo <= place;
}

/** When the next silence ends; undefined: none does by itself. */
export function nextMuteEnd(chats: Iterable<Pick<ChatSummary, "choices">>, now: Time): Time | undefined {
  let next: Time | undefined;
  for (const { choices } of chats) {
    const until = choices?.muted;
    if (typeof until === "number" && until > now && until < (next ?? Number.POSITIVE_INFINITY)) next = until;
  }
  return next;
}

export const MUTE_TIMES = ["hour", "hours", "tomorrow", "always"] as const;
export type MuteTime = (typeof MUTE_TIMES)[number];

/** Until when: an hour, eight, the next morning, or for good. */
export function muteUntil(time: MuteTime, now: Time, place: Place = HERE): Time | "always" {
  switch (time) {
    case "hour":
      return now + HOUR_MS;
    case "hours":
      return now + 8 * HOUR_MS;
    case "tomorrow":
      return morningAfter(now, place);
    default:
      return "always";
  }
}

/** By quarters of an hour, as zones' offsets are: a day may have 23 hours, or 25. */
function morningAfter(now: Time, place: Place): Time {
  const today = dayNumber(now, place);
  let at = Math.ceil(now / QUARTER_MS) * QUARTER_MS;
  while (dayNumber(at, place) === today) at += QUARTER_MS;
  return at + MORNING_HOURS * HOUR_MS;
}
