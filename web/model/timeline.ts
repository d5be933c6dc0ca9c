/**
 * The rows of one conversation, as pure functions: merge what the engine tells into what is on screen, stand in for a
 * message that was typed a moment ago, and cut the result into days and groups.
 */
import type { Failure, Position, Time } from "../../worker/contract.ts";
import type { MessageItem } from "../engine/protocol.ts";
import { dayNumber, HERE, type Place } from "./format.ts";

/** A message that was typed here and has not come back from the engine yet. */
export type Pending = {
  readonly local: string;
  readonly text: string;
  readonly at: Time;
  readonly encrypted: boolean;
  /** Own rows that were there before: none of them can be this one. */
  readonly before: ReadonlySet<string>;
  readonly failure?: Failure;
};

/** A run of messages by one author belongs together for this long. */
export const GROUP_MS = 3 * 60_000;

/** Order of a timeline: position, then time, then key, so that it is total and the same in every browser. */
export function compareItems(a: MessageItem, b: MessageItem): number {
  return a.position - b.position || a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

/** Rows with the changed ones replaced by key or inserted in order, and the removed ones gone. */
export function mergeItems(
  items: readonly MessageItem[],
  changes: readonly MessageItem[],
  removed: readonly string[] = [],
): readonly MessageItem[] {
  const byKey = new Map(items.map((item) => [item.key, item]));
  for (const key of removed) byKey.delete(key);
  for (const item of changes) byKey.set(item.key, item);
  return [...byKey.values()].sort(compareItems);
}

/**
 * Takes out the pending messages that have arrived as rows. `claims` maps a row's key to the pending one's name, so that
 * the bubble on screen stays the same element. The oldest pending message claims first: rows arrive in the order of sending.
 */
export function reconcile(
  pending: readonly Pending[],
  items: readonly MessageItem[],
): { readonly pending: readonly Pending[]; readonly claims: ReadonlyMap<string, string> } {
  const claims = new Map<string, string>();
  const left = pending.filter((waiting) => {
    const row = items.find(
      (item) =>
        item.outgoing &&
        item.body.kind === "text" &&
        item.body.text === waiting.text &&
        !waiting.before.has(item.key) &&
        !claims.has(item.key),
    );
    if (row !== undefined) claims.set(row.key, waiting.local);
    return row === undefined;
  });
  return { pending: left, claims };
}

/** Two neighbours by the same author, close in time, of the same day, both plain to read. */
export function sameGroup(older: MessageItem, newer: MessageItem, place: Place = HERE): boolean {
  return (
    older.outgoing === newer.outgoing &&
    older.body.kind === "text" &&
    newer.body.kind === "text" &&
    older.encrypted === newer.encrypted &&
    older.state !== "failed" &&
    Math.abs(newer.at - older.at) < GROUP_MS &&
    dayNumber(older.at, place) === dayNumber(newer.at, place)
  );
}

export type Row =
  | { readonly kind: "before-device"; readonly key: string; readonly count: number }
  | { readonly kind: "day"; readonly key: string; readonly at: Time }
  | { readonly kind: "unread"; readonly key: string; readonly count: number }
  /** `key` stays when a typed message turns into a stored one; `item.key` is the engine's. */
  | {
      readonly kind: "message";
      readonly key: string;
      readonly item: MessageItem;
      readonly first: boolean;
      readonly last: boolean;
    };

export type RowInput = {
  /** Oldest first. */
  readonly items: readonly MessageItem[];
  readonly claims: ReadonlyMap<string, string>;
  /** Where the divider stands: after this position. */
  readonly unreadAfter: Position | undefined;
  readonly beforeDevice: number;
  /** The oldest message this browser has is among `items`. */
  readonly complete: boolean;
};

function isBeforeDevice(item: MessageItem): boolean {
  return item.body.kind === "reason" && item.body.reason === "before-device";
}

/** Cuts messages into rows: one quiet line for what is older than this device, days, the unread divider, groups. */
export function rowsOf(input: RowInput, place: Place = HERE): readonly Row[] {
  const shown = input.items.filter((item) => !isBeforeDevice(item));
  const hidden = Math.max(input.beforeDevice, input.items.length - shown.length);
  const { unreadAfter } = input;
  const isUnread = (item: MessageItem) => unreadAfter !== undefined && !item.outgoing && item.position > unreadAfter;
  const unread = shown.filter(isUnread);
  const rows: Row[] = [];
  if (hidden > 0 && input.complete) rows.push({ kind: "before-device", key: "before-device", count: hidden });
  shown.forEach((item, index) => {
    const older = shown[index - 1];
    const newer = shown[index + 1];
    const newDay = older === undefined || dayNumber(older.at, place) !== dayNumber(item.at, place);
    const divided = item === unread[0];
    if (newDay)
      rows.push({
        kind: "day",
        key: `day-${dayNumber(item.at, place)}-${index === 0 ? "first" : item.key}`,
        at: item.at,
      });
    if (divided) rows.push({ kind: "unread", key: "unread", count: unread.length });
    rows.push({
      kind: "message",
      key: input.claims.get(item.key) ?? item.key,
      item,
      first: older === undefined || divided || !sameGroup(older, item, place),
      last: newer === undefined || newer === unread[0] || !sameGroup(item, newer, place),
    });
  });
  return rows;
}

/** The newest message that somebody else wrote: up to here a conversation can be read. */
export function newestIncoming(items: readonly MessageItem[]): MessageItem | undefined {
  return items.findLast((item) => !item.outgoing);
}

/** How many messages of others stand after a position. */
export function countUnread(items: readonly MessageItem[], readTo: Position): number {
  return items.reduce((count, item) => (!item.outgoing && item.position > readTo ? count + 1 : count), 0);
}
