/** Device lists and pins: which devices somebody has, and which identity key each has had since it was first seen. */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid, DeviceId, Time } from "../../../worker/contract/names.ts";
import { OMEMO_ID_MAX } from "../../../worker/contract/omemo.ts";
import { type Bytes, sameBytes } from "../bytes.ts";
import type { Unit } from "../store/unit.ts";
import type { Self } from "./sessions.ts";
import { atFirstSight, isSomebodyElses, noteChange } from "./trust-pins.ts";
import { type DeviceAddress, addressOf } from "../store/device-rows.ts";

/** `new`: never seen, now pinned. It must not be used: `changed`, it had another key; `elsewhere`, the key is somebody else's. */
export type PinCheck = "new" | "same" | "changed" | "elsewhere";

/**
 * Compares an identity key with the pin of its device. A new one is pinned with what is thought of it at first sight, a
 * changed one is noted: somebody has to decide.
 */
export async function checkPin(
  unit: Unit,
  self: Pick<Self, "jid">,
  from: DeviceAddress,
  identityKey: Bytes,
  now: Time,
): Promise<PinCheck> {
  const address = addressOf(from.jid, from.device);
  const pin = await unit.get("pins", address);
  if (pin !== undefined) {
    if (sameBytes(pin.identityKey, identityKey)) return "same";
    noteChange(unit, pin, identityKey);
    return "changed";
  }
  if (await isSomebodyElses(unit, from.jid, identityKey)) return "elsewhere";
  const judged = await atFirstSight(unit, self, from, identityKey);
  unit.put("pins", { address, jid: from.jid, device: from.device, identityKey, firstSeen: now, ...judged });
  return "new";
}

/** Ids that can be devices, each once, no more than the limit; a bad one does not spoil the others. */
export function cleanDevices(devices: readonly DeviceId[]): readonly DeviceId[] {
  const valid = devices.filter((id) => Number.isInteger(id) && id >= 1 && id <= OMEMO_ID_MAX);
  return [...new Set(valid)].slice(0, LIMITS.devicesPerJid);
}

/** Everybody who can read a message to `chat`: its devices and our own, without this browser's. */
export function recipients(
  self: Self,
  chat: BareJid,
  theirs: readonly DeviceId[],
  ours: readonly DeviceId[],
): readonly DeviceAddress[] {
  const own = ours.filter((device) => device !== self.device).map((device) => ({ jid: self.jid, device }));
  if (chat === self.jid) return own;
  return [...theirs.map((device) => ({ jid: chat, device })), ...own];
}
