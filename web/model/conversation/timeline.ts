/**
 * The rows of one conversation, as pure functions: merge what the engine tells into what is on screen, and cut the result
 * into days and groups.
 */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { GapView, MessageItem } from "../../engine/protocol/conversations.ts";
import { alike, equal } from "../../alike.ts";
import { laidOut } from "./album.ts";
import type { ShownItem } from "./corrections.ts";
import { dayNumber, HERE, type Place } from "../format.ts";
import { placeGaps } from "./gaps.ts";
import type { Row } from "./row.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";

/** A run of messages by one author belongs together for this long. */
const GROUP_MS = 3 * 60_000;

/** Order of a timeline: position, then time, then key, so that it is total and the same in every browser. */
function compareItems(a: MessageItem, b: MessageItem): number {
  return a.position - b.position || a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

/**
 * Rows with the changed ones replaced by key or inserted in order, and the removed ones gone. One that is told as it was
 * known stays the same object, and where nothing is another the list does: a page that is read again draws nothing again.
 */
export function mergeItems(
  items: readonly MessageItem[],
  changes: readonly MessageItem[],
  removed: readonly string[] = [],
): readonly MessageItem[] {
  const known = new Map(items.map((item) => [item.key, item]));
  const told = new Map(changes.map((item) => [item.key, item]));
  for (const [key, item] of told) if (equal(known.get(key), item)) told.delete(key);
  const gone = new Set([...removed, ...told.keys()]);
  if (told.size === 0 && !removed.some((key) => known.has(key))) return items;
  const merged = items.filter(({ key }) => !gone.has(key));
  for (const item of told.values()) merged.splice(placeFor(merged, item), 0, item);
  return merged;
}

/** Where an item stands in a list that is in order. */
function placeFor(items: readonly MessageItem[], item: MessageItem): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const other = items[middle];
    if (other !== undefined && compareItems(other, item) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The same name is not the same person where the room tells addresses. */
function isSameAuthor(one: MessageItem["author"], other: MessageItem["author"]): boolean {
  return one?.jid === other?.jid && one?.nick === other?.nick;
}

/** Two neighbours by the same author, close in time, of the same day, both plain to read. */
function sameGroup(older: MessageItem, newer: MessageItem, place: Place = HERE): boolean {
  return (
    older.outgoing === newer.outgoing &&
    (older.outgoing || isSameAuthor(older.author, newer.author)) &&
    older.body.kind === "text" &&
    newer.body.kind === "text" &&
    older.encrypted === newer.encrypted &&
    older.state !== "failed" &&
    Math.abs(newer.at - older.at) < GROUP_MS &&
    dayNumber(older.at, place) === dayNumber(newer.at, place)
  );
}

/** What lies above the oldest mounted message. */
export type Top =
  /** Messages that are not mounted. */
  | { readonly kind: "more" }
  /** Perhaps messages in the archive; `resting`: they are fetched as soon as the reader comes near. */
  | { readonly kind: "older"; readonly state: "resting" | "loading" | "asking" }
  | { readonly kind: "older"; readonly state: "failed"; readonly failure: Failure }
  | { readonly kind: "beginning" };

export type RowInput = {
  readonly chat: BareJid;
  /** Oldest first. */
  readonly items: readonly ShownItem[];
  /** The message that the divider stands before, whether it is among these or not. */
  readonly firstUnread: string | undefined;
  readonly beforeDevice: number;
  readonly elders: readonly string[];
  readonly top: Top;
  readonly gaps: readonly GapView[];
  /** The newest message this browser has is among `items`. */
  readonly toNewest: boolean;
  /** What stood there last: pictures that stand beside each other stay so. */
  readonly before?: readonly Row[];
};

function isBeforeDevice(item: MessageItem): boolean {
  return item.body.kind === "reason" && item.body.reason === "before-device";
}

function isWhileAway(item: MessageItem | undefined): boolean {
  return item?.body.kind === "reason" && item.body.reason === "while-away";
}

function topRows(top: Top, empty: boolean): readonly Row[] {
  switch (top.kind) {
    case "more":
      return [];
    case "beginning":
      return [{ kind: "beginning", key: "beginning", empty }];
    case "older":
      if (top.state === "failed") return [{ ...top, key: "older" }];
      return top.state === "resting" ? [] : [{ kind: "older", key: "older", state: top.state }];
    default:
      return missingCase(top);
  }
}

/**
 * Cuts messages into rows: what lies above, one quiet line for what is older than this device, one for each run that came
 * while it was away, gaps, days, the unread divider, groups.
 */
export function rowsOf(input: RowInput, place: Place = HERE): readonly Row[] {
  const shown = input.items.filter((item) => !isBeforeDevice(item));
  const hidden = Math.max(input.beforeDevice, input.items.length - shown.length);
  const { firstUnread } = input;
  const fromOldest = input.top.kind !== "more";
  const gaps = placeGaps(input.gaps, { chat: input.chat, items: shown, fromOldest, toNewest: input.toNewest });
  // Where something lies before what can be read, that is no beginning.
  const isOver = input.top.kind === "beginning" && hidden > 0;
  const rows: Row[] = isOver ? [{ kind: "above", key: "older" }] : [...topRows(input.top, shown.length === 0)];
  const pushGaps = (index: number) => {
    for (const gap of gaps.get(index) ?? [])
      rows.push({ kind: "gap", key: `gap-${gap.gap}`, gap, until: shown[index]?.at ?? gap.at });
  };
  if (hidden > 0 && fromOldest)
    rows.push({ kind: "before-device", key: "before-device", count: hidden, elders: input.elders });
  shown.forEach((item, index) => {
    const older = shown[index - 1];
    const newer = shown[index + 1];
    const sameRun = isWhileAway(older) && isWhileAway(item);
    const newDay = !sameRun && (older === undefined || dayNumber(older.at, place) !== dayNumber(item.at, place));
    const divided = item.key === firstUnread;
    pushGaps(index);
    if (newDay)
      rows.push({
        kind: "day",
        key: `day-${dayNumber(item.at, place)}-${index === 0 ? "first" : item.key}`,
        at: item.at,
      });
    if (divided) rows.push({ kind: "unread", key: "unread" });
    if (isWhileAway(item)) {
      const run = rows.at(-1);
      if (run?.kind === "while-away") rows[rows.length - 1] = { ...run, count: run.count + 1 };
      else rows.push({ kind: "while-away", key: `while-away-${item.key}`, count: 1 });
      return;
    }
    if (item.body.kind === "reason" && item.body.room !== undefined) {
      rows.push({ kind: "room-line", key: item.key, what: item.body.room });
      return;
    }
    rows.push({
      kind: "message",
      key: item.key,
      item,
      first: older === undefined || divided || gaps.has(index) || !sameGroup(older, item, place),
      last: newer === undefined || newer.key === firstUnread || gaps.has(index + 1) || !sameGroup(item, newer, place),
    });
  });
  pushGaps(shown.length);
  return laidOut(rows, input.before);
}

/**
 * The new rows with those that are as they were being the same objects, and the same list where all are: whoever draws them
 * need not look at what did not change.
 */
export function keepRows(before: readonly Row[], now: readonly Row[]): readonly Row[] {
  const known = new Map(before.map((row) => [row.key, row]));
  const kept = now.map((row) => {
    const old = known.get(row.key);
    return old !== undefined && alike(old, row) ? old : row;
  });
  return kept.length === before.length && kept.every((row, at) => row === before[at]) ? before : kept;
}

/** The newest message that somebody else wrote, up to a position: up to here a conversation can be read. */
export function newestIncoming(items: readonly MessageItem[], upTo: Position): MessageItem | undefined {
  return items.findLast((item) => !item.outgoing && item.position <= upTo);
}

/** A line that somebody wrote, or would have written. */
function counts(item: MessageItem): boolean {
  return !isWhileAway(item) && !isBeforeDevice(item) && !(item.body.kind === "reason" && item.body.reason === "room");
}

/** The oldest message of others after a position. What came while this browser was away is not new to the person. */
export function firstUnreadIn(items: readonly MessageItem[], after: Position): MessageItem | undefined {
  return items.find((item) => !item.outgoing && item.position > after && counts(item));
}
