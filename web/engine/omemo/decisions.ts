/** What the person decides about a key, laid on its pin. */
import { sameBytes } from "../bytes.ts";
import type { Trust } from "../protocol/account.ts";
import { type DeviceAddress, addressOf, type PinRow } from "../store/device-rows.ts";
import type { Unit } from "../store/unit.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { isTrusted } from "./trust.ts";

export type Decision = DeviceAddress & {
  /** Of the key that the person has looked at: another one that was told meanwhile is not meant. */
  readonly fingerprint: string;
  readonly trust: Exclude<Trust, "undecided">;
};

/**
 * The person has decided about a key, here. It counts for this key under every device id of its owner. Where two keys claim a
 * device, deciding about the new one in its favour replaces the old one, and its sessions end; every other answer keeps the
 * old one and remembers that the new one was refused. False: the device shows no such key.
 */
export async function decide(
  unit: Unit,
  { jid, device, fingerprint, trust }: Decision,
  decided: NonNullable<PinRow["decided"]>,
): Promise<boolean> {
  const address = addressOf(jid, device);
  const pin = await unit.get("pins", address);
  if (pin === undefined) return false;
  const { shown } = pin;
  if (fingerprintOf(pin.identityKey) === fingerprint) {
    for (const twin of await unit.all("pins")) {
      if (twin.jid !== jid || !sameBytes(twin.identityKey, pin.identityKey)) continue;
      const seen = { ...twin, trust, decided, newcomer: undefined };
      unit.put("pins", { ...seen, ...(twin.address === address && refusing(twin)) });
    }
    return true;
  }
  if (shown === undefined || fingerprintOf(shown) !== fingerprint) return false;
  if (isTrusted(trust)) {
    const { identityKey: refused } = pin;
    unit.put("pins", { ...pin, identityKey: shown, trust, decided, shown: undefined, refused, newcomer: undefined });
    unit.delete("sessions", address);
  } else unit.put("pins", { ...pin, decided, ...refusing(pin) });
  return true;
}

function refusing({ shown, refused }: PinRow): Pick<PinRow, "shown" | "refused"> {
  return { shown: undefined, refused: shown ?? refused };
}
