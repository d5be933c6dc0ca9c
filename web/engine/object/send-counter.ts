/**
 * The send counter of this browser: each message gets its number in the transaction that makes its bytes final, together
 * with the ratchet steps. Where the object has accepted more than this counter knows of, the database was rolled back and
 * its ratchets would use message keys a second time: it is `behind`.
 */
import type { Unit } from "../store/unit.ts";
import type { OutboxRow } from "../store/conversation-rows.ts";

/** The next number; undefined before the object has said where to begin. */
export async function nextNumber(unit: Unit): Promise<number | undefined> {
  const counter = await unit.meta("numbers");
  if (counter === undefined) return undefined;
  const last = counter.last + 1;
  unit.put("meta", { name: "numbers", last });
  return last;
}

/**
 * Compares the object's count of accepted messages with ours. A new device takes the object's: its browser may have sent
 * before with another one. True: the object has more than we know of, and nothing may be encrypted here any more.
 */
export async function compareSendCounter(unit: Unit, accepted: number): Promise<boolean> {
  const counter = await unit.meta("numbers");
  if (counter === undefined) {
    unit.put("meta", { name: "numbers", last: accepted });
    return false;
  }
  if (accepted <= counter.last) return false;
  await markBehind(unit);
  return true;
}

/** Stored, because the next start must not encrypt before the object has said it again. */
export async function markBehind(unit: Unit): Promise<void> {
  if ((await unit.meta("behind")) === undefined) unit.put("meta", { name: "behind", at: Date.now() });
}

/** The number that has to be accepted before this one: the newest below it that may still be under way; 0: none. */
export function predecessorOf(number: number, outbox: readonly OutboxRow[]): number {
  const before = outbox.flatMap((row) => (row.stage === "finished" ? (row.number ?? []) : []));
  return Math.max(0, ...before.filter((other) => other < number));
}
