/** Devices that a message is not encrypted to though they are listed: which, and why. */
import type { LeftOut } from "../protocol/account.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type Candidate, isTrusted } from "./trust.ts";
import { type DeviceAddress, addressOf, type PinRow } from "../store/device-rows.ts";

type PinOf = (address: string) => Pick<PinRow, "identityKey"> | undefined;

/** Those that trust leaves out, and those with which no session came about. */
export function leftOutOf(
  excluded: readonly Candidate[],
  unreached: readonly DeviceAddress[],
  pinOf: PinOf,
): readonly LeftOut[] {
  const described = ({ jid, device }: DeviceAddress, why: LeftOut["why"]): LeftOut => {
    const pin = pinOf(addressOf(jid, device));
    return { jid, device, why, ...(pin !== undefined && { fingerprint: fingerprintOf(pin.identityKey) }) };
  };
  return [
    ...excluded.map((candidate) => described(candidate, whyOf(candidate))),
    ...unreached.map((device) => described(device, "no-session")),
  ];
}

function whyOf({ trust, changed, newcomer }: Candidate): LeftOut["why"] {
  if (changed === true) return "key-changed";
  if (newcomer === true && trust !== undefined && isTrusted(trust)) return "new-device";
  return trust === "distrusted" ? "distrusted" : "undecided";
}
