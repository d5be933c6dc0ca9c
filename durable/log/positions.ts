/**
 * Where an archived message stands (pure). Positions only have to be in order, not dense, so what was missing can be put
 * in later: a gap keeps room before it for the messages that still have to come, and history lies below what was there.
 */
import type { EntryId, Position } from "../../worker/contract/names.ts";

/** Places kept free before the marker of a gap. More than any archive gives between two streams. */
export const GAP_ROOM = 2 ** 24;

/** Messages are missing right before `position`; the next one that comes stands at `next`. */
export type OpenGap = { readonly id: EntryId; readonly position: Position; readonly next: Position };

/** What an archive is read into: its open gaps, oldest first, and the newest position in any conversation. */
export type Positions = { readonly gaps: readonly OpenGap[]; readonly newest: Position };

/** `position`: of a message that is not here yet. `closed`: gaps that have proved to be whole. */
export type Step = {
  readonly positions: Positions;
  readonly position: Position | undefined;
  readonly closed: readonly OpenGap[];
};

/**
 * Where the next message of an archive belongs that is read forward, in its order. `known`: where it stands already. A
 * known message behind a gap's marker says that everything before the marker has come: reading goes on behind it.
 */
export function nextPosition({ gaps, newest }: Positions, known: Position | undefined): Step {
  if (known !== undefined) {
    const open = gaps.filter(({ position }) => position > known);
    return { positions: { gaps: open, newest }, position: undefined, closed: gaps.slice(0, gaps.length - open.length) };
  }
  const [first, ...rest] = gaps;
  if (first === undefined) {
    const position = (newest + 1) as Position;
    return { positions: { gaps, newest: position }, position, closed: [] };
  }
  if (first.next >= first.position) {
    const step = nextPosition({ gaps: rest, newest }, undefined);
    return { ...step, closed: [first, ...step.closed] };
  }
  const left = { ...first, next: (first.next + 1) as Position };
  return { positions: { gaps: [left, ...rest], newest }, position: first.next, closed: [] };
}

/** A gap that opens now: room for what is missing, then its marker, behind everything that is here. */
export function openGapAfter(newest: Position): Omit<OpenGap, "id"> {
  return { position: (newest + 1 + GAP_ROOM) as Position, next: (newest + 1) as Position };
}

/** Positions for a page of `count` messages that lies before everything that is here, by their index in the page. */
export function positionsBefore(oldest: Position, count: number): (index: number) => Position {
  return (index) => (oldest - count + index) as Position;
}
