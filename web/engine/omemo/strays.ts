/**
 * Devices that are no longer on their owner's list. Whoever makes the list can put any number of them on it, one after the
 * other, so what is remembered of them is bounded. Never forgotten is what somebody has decided here, and what this browser
 * has encrypted to: it decides what is thought of further devices (S3, S4), and nobody can push it out with others.
 */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { PinRow } from "../store/device-rows.ts";
import type { Unit } from "../store/unit.ts";
import { trustOf } from "./trust-pins.ts";

/** Of one person's devices that have left the list and had written here before, the newest. */
const REMEMBERED = 50;

/**
 * Somebody's list is another one. Forgets what is known of devices that are not on it: all of those that never wrote here, and
 * of those that did the oldest. One that comes back is met as if it had never been there, which trusts it no more than before.
 * With a pin goes its session: without the one, what comes in the other would not be doubted. An empty list says of no device
 * that it was taken off: servers lose lists.
 */
export async function forgetStrays(unit: Unit, own: BareJid, jid: BareJid, listed: readonly DeviceId[]): Promise<void> {
  if (listed.length === 0) return;
  const strays = (await unit.all("pins")).filter(
    (pin) => pin.jid === jid && !listed.includes(pin.device) && isForgettable(pin, own),
  );
  const met: PinRow[] = [];
  for (const pin of strays) {
    const session = await unit.get("sessions", pin.address);
    if (session !== undefined || pin.lastUsed !== undefined) met.push(pin);
    else unit.delete("pins", pin.address);
  }
  const newest = met.toSorted((a, b) => (b.lastUsed ?? b.firstSeen) - (a.lastUsed ?? a.firstSeen));
  for (const { address } of newest.slice(REMEMBERED)) {
    unit.delete("pins", address);
    unit.delete("sessions", address);
  }
}

/** An own device that is believed was there when this browser came, or was allowed. */
function isForgettable(pin: PinRow, own: BareJid): boolean {
  const trust = trustOf(pin);
  const undecided = trust === "undecided" || (trust === "blind" && pin.jid !== own);
  return undecided && pin.writtenTo !== true && pin.refused === undefined;
}
