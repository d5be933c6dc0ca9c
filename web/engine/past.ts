/** Whether a message that comes now is news, or history that only this browser had not seen yet. */
import type { Position, Seq, Time } from "../../worker/contract.ts";

export type Arrival = {
  readonly at: Time;
  readonly position: Position;
  /** Its place in the log. */
  readonly epoch: string;
  readonly seq: Seq;
};

export type Here = {
  /** When this browser's device was made, by this browser's clock. */
  readonly createdAt: Time;
  /** How far the log had grown when the device was published. */
  readonly joined: { readonly epoch: string; readonly head: Seq } | undefined;
  /** Where the newest message of its conversation stands. */
  readonly last: Position | undefined;
};

/**
 * Written before this browser came to the account: nobody waits for it here, so it counts as read. A clock that is wrong
 * must not silence what has just been written, so a message above all others of its conversation is news unless the log
 * held it already.
 */
export function isFromBefore({ at, position, epoch, seq }: Arrival, { createdAt, joined, last }: Here): boolean {
  if (at >= createdAt) return false;
  if (joined === undefined || (joined.epoch === epoch && seq <= joined.head)) return true;
  return last === undefined || position < last;
}
