/** Devices that a message is not encrypted to though they are listed: which, and why. */
import type { BareJid, DeviceId } from "../../../worker/contract.ts";
import { addressOf, type PinRow } from "../store/schema.ts";
import { fingerprintOf } from "./identity.ts";
import type { DeviceAddress } from "./sessions.ts";
import type { Candidate } from "./trust.ts";

/**
 * `undecided`: nobody has said here whether it may read. `distrusted`: somebody has said it may not. `key-changed`: it
 * shows another key than before. `no-session`: its keys are not there, or cannot be used.
 */
export type LeftOut = {
  readonly jid: BareJid;
  readonly device: DeviceId;
  readonly why: "undecided" | "distrusted" | "key-changed" | "no-session";
  /** 64 hex digits of the key that is pinned; undefined while none has been seen. */
  readonly fingerprint?: string;
};

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

function whyOf({ trust, changed }: Candidate): LeftOut["why"] {
  if (changed === true) return "key-changed";
  return trust === "distrusted" ? "distrusted" : "undecided";
}
