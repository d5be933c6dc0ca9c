/** A finger that draws a message aside to answer it, without a screen. Distances are CSS pixels since it came down. */

/** A finger is never quite still. */
const SLOP_PX = 12;
/** As far as a message follows. */
const FARTHEST_PX = 72;
/** From here on letting go answers. */
const ENOUGH_PX = 48;
/** At the edge of the screen the browser's own gesture goes back. */
export const EDGE_PX = 24;

/** How far the message follows; 0: this is no swipe, or none yet. `along`: in the direction that lines run in. */
export function swipeOffset(along: number, down: number): number {
  if (along < SLOP_PX || Math.abs(down) > along / 2) return 0;
  return Math.min(along - SLOP_PX, FARTHEST_PX);
}

/** Whether letting go at this offset answers. */
export function isEnough(offset: number): boolean {
  return offset >= ENOUGH_PX;
}

/** So far from where it came down a finger is not resting. */
export function hasMoved(along: number, down: number): boolean {
  return Math.hypot(along, down) > SLOP_PX;
}
