/**
 * Decisions about scrolling, without a screen. A bounded number of rows is mounted; the row that the eye rests on stays
 * where it is, whatever is added above or below. Distances are CSS pixels.
 */

/** Rows of a timeline that are mounted, counted from its newest end. */
export type RowWindow = { readonly newer: number; readonly shown: number };

export const WINDOW_ROWS = 150;
const STEP_ROWS = 50;
/** Mounted for a reader at the newest row: each costs a little with each message, and the screen shows twenty. */
const RESTING_ROWS = 60;
/** Unmounted together above a reader at the newest row: where one goes, all that are below it are laid out and drawn again. */
const SPARE_ROWS = 20;
/** So close to an end the next rows are fetched. */
export const FETCH_PX = 800;
/** Closer than this to the newest message counts as being there. */
const NEAR_BOTTOM_PX = 48;

/** No row is lower: one line in a bubble, and what sets it apart. */
const LEAST_ROW_PX = 38;
/** Rows that are drawn besides those in sight, so that nobody sees where they end. */
const BEYOND_ROWS = 4;
/** With less than this above those in sight, they may show where they end. */
export const SCREENFUL_PX = 120;

/** How many of the newest rows are drawn at once in a window of this height: those in sight, however low each is. */
export function fewRows(heightPx: number): number {
  return Math.ceil(heightPx / LEAST_ROW_PX) + BEYOND_ROWS;
}

/** How many are drawn next, a moment later; without end where they are all, also of what comes after. */
export function moreRows(drawn: number, total: number): number {
  const more = drawn + STEP_ROWS / 2;
  return more < total ? more : Number.POSITIVE_INFINITY;
}

/** The newest rows. */
export function windowAtNewest(total: number): RowWindow {
  return { newer: 0, shown: Math.min(total, RESTING_ROWS) };
}

/** For a reader who begins at this row: up to the newest one if that is not far, else with others around it. */
export function windowFrom(index: number, total: number): RowWindow {
  const shown = total - index + STEP_ROWS;
  if (shown > STEP_ROWS * 2) return windowAround(index, total);
  return { newer: 0, shown: Math.min(total, Math.max(shown, RESTING_ROWS)) };
}

/** To the newest row: what a screen with room for more has asked for besides stays. */
export function jumped(window: RowWindow, total: number): RowWindow {
  const most = RESTING_ROWS + STEP_ROWS + SPARE_ROWS;
  return window.newer === 0 && window.shown < most ? window : windowAtNewest(total);
}

/** A window with this row in its middle, as far as there are rows around it. */
export function windowAround(index: number, total: number): RowWindow {
  const end = Math.min(total, index + STEP_ROWS + 1);
  return { newer: total - end, shown: Math.min(end, STEP_ROWS * 2 + 1) };
}

/** The part of a list that a window shows, oldest first. */
export function sliceOf<T>(items: readonly T[], window: RowWindow): readonly T[] {
  const end = Math.max(0, items.length - window.newer);
  return items.slice(Math.max(0, end - window.shown), end);
}

/** Older rows that are loaded but not mounted. */
export function hiddenOlder(total: number, window: RowWindow): number {
  return Math.max(0, total - window.newer - window.shown);
}

/** One step towards older rows; what leaves the window at the newest end is unmounted. */
export function shiftOlder(window: RowWindow, total: number): RowWindow {
  const shown = window.shown + Math.min(STEP_ROWS, hiddenOlder(total, window));
  const excess = Math.max(0, shown - WINDOW_ROWS);
  return { newer: window.newer + excess, shown: shown - excess };
}

/** One step towards newer rows. */
export function shiftNewer(window: RowWindow): RowWindow {
  const step = Math.min(STEP_ROWS, window.newer);
  return { newer: window.newer - step, shown: Math.min(WINDOW_ROWS, window.shown + step) };
}

/** Where the reader is: at the newest row, or with the eye on a row. */
export type Reader = {
  readonly atBottom: boolean;
  readonly anchor: string | undefined;
};

/**
 * What a window becomes when rows came, went or moved, wherever that was. It follows the newest row for a reader who is
 * there, and else keeps showing what it shows; where too many came in between, what is far from the anchor is unmounted.
 */
export function afterChange(
  window: RowWindow,
  before: readonly string[],
  after: readonly string[],
  { atBottom, anchor }: Reader,
): RowWindow {
  const total = after.length;
  if (atBottom && window.newer === 0) {
    // None goes in the frame of one that comes: `rested` takes them away.
    const grown = Math.max(RESTING_ROWS, window.shown + total - before.length);
    return { newer: 0, shown: Math.min(WINDOW_ROWS, total, grown) };
  }
  const mounted = new Set(sliceOf(before, window));
  const first = after.findIndex((key) => mounted.has(key));
  if (first === -1) return windowAtNewest(total);
  const last = after.findLastIndex((key) => mounted.has(key));
  // Rows behind what was the newest one are mounted while there is room.
  const end = window.newer === 0 ? Math.max(last + 1, Math.min(total, first + WINDOW_ROWS)) : last + 1;
  if (end - first <= WINDOW_ROWS) return { newer: total - end, shown: end - first };
  const eye = anchor === undefined ? -1 : after.indexOf(anchor);
  const centre = eye === -1 ? end : eye + WINDOW_ROWS / 2;
  const cut = Math.min(end, Math.max(first + WINDOW_ROWS, centre));
  return { newer: total - cut, shown: WINDOW_ROWS };
}

/** Whether so many of the oldest mounted rows, of which the screen has no need, are enough to take away. */
export function isTooMany(spare: number): boolean {
  return spare >= SPARE_ROWS;
}

/** Without those for a reader who rests at the newest row, so that a message costs the same after a long day; the same where they are few. */
export function rested(window: RowWindow, spare: number): RowWindow {
  const shown = Math.max(RESTING_ROWS, window.shown - spare);
  return window.newer === 0 && isTooMany(window.shown - shown) ? { newer: 0, shown } : window;
}

/**
 * A mounted row: its key and how far its edges stand below the lower edge of the scroller, so negative where it is in sight.
 * From there, for it stands still in a reversed scroller that grows or shrinks: a notice comes above it, the composer grows.
 * `lasting`: a message; lines between messages come and go.
 */
export type RowEdge = {
  readonly key: string;
  readonly top: number;
  readonly bottom: number;
  readonly lasting: boolean;
};

/** The rows to hold on to in a scroller of this height, best first: messages from the first whose lower edge is in sight, then lines between them. */
export function anchorsOf(edges: readonly RowEdge[], height: number): readonly RowEdge[] {
  const seen = edges.filter((edge) => edge.bottom > -height);
  return [...seen.filter(({ lasting }) => lasting), ...seen.filter(({ lasting }) => !lasting)];
}

/** The lowest message that is in sight to its end: it was read, and all above it. */
export function seenOf(edges: readonly RowEdge[]): string | undefined {
  return edges.findLast(({ lasting, bottom }) => lasting && bottom <= 0)?.key;
}

/**
 * How far to scroll so that the best anchor that is still there stands where it stood; nothing when none is, or the reader
 * is at the newest row.
 */
export function correction(anchors: readonly RowEdge[], now: readonly RowEdge[], atBottom: boolean): number {
  if (atBottom) return 0;
  const places = new Map(now.map((edge) => [edge.key, edge]));
  for (const { key, top } of anchors) {
    const found = places.get(key);
    if (found !== undefined) return found.top - top;
  }
  return 0;
}

/** How many rows of this height could go above a reader who has so much above them, and nothing would have to be fetched soon. */
export function spareRows(abovePx: number, rowPx: number): number {
  return Math.max(0, Math.floor((abovePx - 2 * FETCH_PX) / rowPx));
}

/** In a reversed scroller `scrollTop` is 0 at the newest row and negative above it. */
export function isNearBottom(scrollTop: number): boolean {
  return Math.abs(scrollTop) <= NEAR_BOTTOM_PX;
}
