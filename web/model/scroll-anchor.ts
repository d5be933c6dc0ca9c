/**
 * Decisions about scrolling, without a screen. A bounded number of rows is mounted; the row that the eye rests on stays
 * where it is, whatever is added above or below. Distances are CSS pixels.
 */

/** Rows of a timeline that are mounted, counted from its newest end. */
export type RowWindow = { readonly newer: number; readonly shown: number };

export const WINDOW_ROWS = 150;
export const STEP_ROWS = 50;
/** So close to an end the next rows are fetched. */
export const FETCH_PX = 800;
/** Closer than this to the newest message counts as being there. */
export const NEAR_BOTTOM_PX = 48;

/** The newest rows. */
export function windowAtNewest(total: number): RowWindow {
  return { newer: 0, shown: Math.min(total, STEP_ROWS * 2) };
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

/** What a window becomes when rows appeared at the newest end: it follows there, or keeps showing what it shows. */
export function afterAppend(window: RowWindow, appended: number, atBottom: boolean): RowWindow {
  if (atBottom && window.newer === 0) return { newer: 0, shown: Math.min(WINDOW_ROWS, window.shown + appended) };
  const room = window.newer === 0 ? Math.max(0, WINDOW_ROWS - window.shown) : 0;
  const taken = Math.min(room, appended);
  return { newer: window.newer + appended - taken, shown: window.shown + taken };
}

/** A mounted row: its key and the distance of its upper edge from the upper edge of the scroller. */
export type RowEdge = { readonly key: string; readonly top: number; readonly bottom: number };

/** The row to hold on to: the first whose lower edge is in sight. */
export function anchorOf(edges: readonly RowEdge[]): RowEdge | undefined {
  return edges.find((edge) => edge.bottom > 0);
}

/** How far to scroll so that the anchor stands where it stood; nothing when it is gone or the reader is at the newest row. */
export function correction(anchor: RowEdge | undefined, now: readonly RowEdge[], atBottom: boolean): number {
  if (anchor === undefined || atBottom) return 0;
  const found = now.find((edge) => edge.key === anchor.key);
  return found === undefined ? 0 : found.top - anchor.top;
}

/** In a reversed scroller `scrollTop` is 0 at the newest row and negative above it. */
export function isNearBottom(scrollTop: number): boolean {
  return Math.abs(scrollTop) <= NEAR_BOTTOM_PX;
}
