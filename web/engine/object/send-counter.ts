/**
 * The numbers of what this browser sends. One is given in the transaction that makes the bytes final, together with the
 * ratchet steps: the object's count of what it has accepted then tells a database that was rolled back, whose ratchets
 * would use message keys a second time.
 */
import type { Unit } from "../store/unit.ts";
import type { OutboxRow } from "../store/conversation-rows.ts";

/** The next number; undefined before the object has said where to begin. */
export async function nextNumber(unit: Unit): Promise<number | undefined> {
  const numbers = await unit.meta("numbers");
  if (numbers === undefined) return undefined;
  const last = numbers.last + 1;
  unit.put("meta", { name: "numbers", last });
  return last;
}

/**
 * Lays the object's count beside ours. A new device takes it over: its browser may have sent before with another one.
 * True: the object knows more than we do, and nothing may be encrypted here any more.
 */
export async function compareNumbers(unit: Unit, accepted: number): Promise<boolean> {
  const numbers = await unit.meta("numbers");
  if (numbers === undefined) {
    unit.put("meta", { name: "numbers", last: accepted });
    return false;
  }
  if (accepted <= numbers.last) return false;
  await markBehind(unit);
  return true;
}

/** Kept, because the next start must not encrypt before it has heard of it again. */
export async function markBehind(unit: Unit): Promise<void> {
  if ((await unit.meta("behind")) === undefined) unit.put("meta", { name: "behind", at: Date.now() });
}

/** The number that has to be accepted before this one: the newest below it that may still be under way; 0: none. */
export function predecessorOf(number: number, outbox: readonly OutboxRow[]): number {
  const before = outbox.flatMap((row) => (row.stage === "finished" ? (row.number ?? []) : []));
  return Math.max(0, ...before.filter((other) => other < number));
}
