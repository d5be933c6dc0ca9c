/** Positions of own messages that the object has not given theirs yet. */
import type { Position } from "../../../worker/contract/names.ts";

/** Behind every position of the object: a pending message stands last. */
export const PENDING_POSITION = 2 ** 50;

export function pendingPosition(order: number): Position {
  return (PENDING_POSITION + order) as Position;
}

/** Distinct positions between two of the object's, which are whole numbers. */
const FRACTIONS = 2 ** 20;

/** Of a message that failed before the object gave it a position: behind what was there when it was typed. */
export function failedPosition(typedAfter: Position, order: number): Position {
  return (Math.floor(typedAfter) + ((order % FRACTIONS) + 1) / (FRACTIONS + 1)) as Position;
}
