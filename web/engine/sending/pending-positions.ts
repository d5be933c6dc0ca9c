/** Where own messages stand as long as the object has not given them their place. */
import type { Position } from "../../../worker/contract.ts";

/** Own rows stand last until the object has given them their place. */
export const PENDING_POSITION = 2 ** 50;

export function pendingPosition(order: number): Position {
  return (PENDING_POSITION + order) as Position;
}

/** Distinct places between two of the object's, which are whole numbers. */
const FRACTIONS = 2 ** 20;

/** Where an own row stays that failed before the object gave it a place: behind what was there when it was typed. */
export function failedPosition(typedAfter: Position, order: number): Position {
  return (Math.floor(typedAfter) + ((order % FRACTIONS) + 1) / (FRACTIONS + 1)) as Position;
}
