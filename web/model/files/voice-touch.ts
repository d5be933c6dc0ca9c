/** What a finger on the microphone means, from where it began. CSS pixels. */

/** So far up it may go, so far towards the beginning of the line nothing is wanted. */
export const LOCK_PX = 72;
export const CANCEL_PX = 96;
/** A press that is over sooner was a tap: it goes on without the finger. */
export const TAP_MS = 500;

/** `along`: towards the beginning of the line, where what is written begins. `up`: towards the top. */
export function pulled(along: number, up: number): "lock" | "cancel" | undefined {
  if (along >= CANCEL_PX && along > up) return "cancel";
  return up >= LOCK_PX ? "lock" : undefined;
}
