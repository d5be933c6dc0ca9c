/**
 * Devices of our own account that somebody took off it for good: of a browser that was signed out, or of another app. Their
 * keys may be in strange hands, so one that is listed again is a new one: told of, and given nothing (S4, T42).
 */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { admittersGone } from "./admission.ts";
import { withdrawRemoved } from "./permission.ts";
import { isTrusted } from "./trust.ts";
import { trustOf } from "./trust-pins.ts";
import { addressOf } from "../store/device-rows.ts";
import type { Unit } from "../store/unit.ts";

/** As many as are remembered, the newest. */
const REMEMBERED = 1_000;

/**
 * Takes back, once, what was thought of each of `removed`: what the person decides about it afterwards stands. The person is
 * told again of those that were off the list: `listed` says which are still on it.
 */
export async function noteRemoved(
  unit: Unit,
  own: BareJid,
  removed: readonly DeviceId[],
  listed: readonly DeviceId[],
): Promise<void> {
  await admittersGone(unit, removed);
  const devices = await unit.meta("ownDevices");
  if (devices === undefined) return;
  const before = devices.removed ?? [];
  const fresh = removed.filter((device) => !before.includes(device));
  for (const device of fresh) {
    const pin = await unit.get("pins", addressOf(own, device));
    if (pin !== undefined && isTrusted(trustOf(pin))) unit.put("pins", { ...pin, trust: "undecided" });
    // Whoever verifies its key again may say nothing of the history: then it is given none.
    await withdrawRemoved(unit, device);
  }
  const gone = [...before, ...fresh];
  const known = devices.known.filter((device) => listed.includes(device) || !gone.includes(device));
  if (fresh.length === 0 && known.length === devices.known.length) return;
  const first = (devices.first ?? devices.known).filter((device) => !fresh.includes(device));
  unit.put("meta", { ...devices, known, first, removed: gone.slice(-REMEMBERED) });
}
