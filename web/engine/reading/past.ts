/** Whether a message that comes now is new to the person, or history that only this browser had not seen yet. */
import type { Time } from "../../../worker/contract/names.ts";

/** Archives stamp in whole seconds (XEP-0203 leaves fractions out), so a stamp may lie before its moment. */
const STAMP_MS = 1_000;

export type Arrival = {
  /** When this browser's device was made, by this browser's clock. */
  readonly createdAt: Time;
  /** When the object first saw this browser, by the object's clock; undefined while it has not said so. */
  readonly firstSeen: Time | undefined;
};

/**
 * Written before this browser came to the account: it counts as read. The earlier of the two clocks decides, so that a
 * wrong one does not mark as read what has just been written.
 */
export function isFromBefore(at: Time, { createdAt, firstSeen }: Arrival): boolean {
  return at <= Math.min(createdAt, firstSeen ?? createdAt) - STAMP_MS;
}
