/** A finger that draws a message aside to answer it, without a screen. Distances are CSS pixels since it came down. */

/** A finger is never quite still. */
const SLOP_PX = 12;
/** As far as a message follows. */
const FARTHEST_PX = 72;
/** From here on letting go answers. */
const ENOUGH_PX = 48;
/** At the edge of the screen the browser's own gesture goes back. */
export const EDGE_PX = 24;

/** How far the message follows; 0: this is no swipe, or none yet. */
export function swipeOffset(right: number, down: number): number {
  if (right < SLOP_PX || Math.abs(down) > right / 2) return 0;
  return Math.min(right - SLOP_PX, FARTHEST_PX);
}

/** Whether letting go at this offset answers. */
export function isEnough(offset: number): boolean {
  return offset >= ENOUGH_PX;
}

/** So far from where it came down a finger is not resting. */
export function hasMoved(right: number, down: number): boolean {
  return Math.hypot(right, down) > SLOP_PX;
}
