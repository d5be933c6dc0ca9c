/** What a person has decided in this browser about another one of the account. */
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { addressOf, type PinRow } from "../store/device-rows.ts";

type Known = Pick<Account, "self" | "cache">;

/** Nobody has said here yet whether it may read. */
export function isOpen(known: Known, device: DeviceId): boolean {
  const pin = pinOf(known, device);
  return pin?.trust === "undecided" && pin.shown === undefined;
}

/** The person has compared its key here. */
export function isSettled(known: Known, device: DeviceId): boolean {
  const pin = pinOf(known, device);
  return pin?.trust === "verified" && pin.shown === undefined;
}

export function isRefused(known: Known, device: DeviceId): boolean {
  return pinOf(known, device)?.trust === "distrusted";
}

/** It is trusted here since it was there before this browser, or by a person who has not compared it. */
export function isUncompared(known: Known & Pick<Account, "live">, device: DeviceId): boolean {
  const pin = pinOf(known, device);
  return pin?.trust === "blind" && pin.shown === undefined && !known.live.removed.includes(device);
}

export function isAskedAbout({ cache }: Known, of: DeviceId): boolean {
  return [...cache.notices.values()].some(
    ({ notice, dismissed }) => notice.kind === "new-device" && notice.device === of && !dismissed,
  );
}

function pinOf({ self, cache }: Known, device: DeviceId): PinRow | undefined {
  return cache.pins.get(addressOf(self.jid, device));
}
