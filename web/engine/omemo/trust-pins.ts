/** Pins with what this browser thinks of them: first sight, change of a key, decisions of the person. */
import type { BareJid, DeviceId, Time } from "../../../worker/contract/names.ts";
import { type Bytes, sameBytes } from "../bytes.ts";
import type { Cache } from "../store/cache.ts";
import type { Unit } from "../store/unit.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { Self } from "./sessions.ts";
import { type Candidate, firstTrustOf, isTrusted, onlyVerified } from "./trust.ts";
import type { Trust } from "../protocol/account.ts";
import { type DeviceAddress, addressOf, type PinRow } from "../store/device-rows.ts";

/** A device's use is noted no more often than this. */
const USED_AGAIN_MS = 60 * 60 * 1_000;

/** What is thought of a pin. Rows of releases that stored no trust have none: their keys were believed. */
export function trustOf({ trust }: Pick<PinRow, "trust">): Trust {
  return trust ?? "blind";
}

/**
 * What is thought of a key that was never seen. The same key under another device id is the same device. Of our own account
 * only those are believed that were there when this browser came; a further device of somebody to whom this browser has
 * written is a newcomer (S3).
 */
export async function atFirstSight(
  unit: Unit,
  self: Pick<Self, "jid">,
  { jid, device }: DeviceAddress,
  identityKey: Bytes,
): Promise<Pick<PinRow, "trust" | "newcomer">> {
  const pins = (await unit.all("pins")).filter((pin) => pin.jid === jid);
  const twin = pins.find((pin) => sameBytes(pin.identityKey, identityKey));
  if (twin !== undefined) return { trust: trustOf(twin), ...(twin.newcomer && { newcomer: true }) };
  if (jid === self.jid) return { trust: await firstTrustOfOwn(unit, device) };
  const trust = firstTrustOf(pins.map(trustOf));
  const known = pins.some(({ writtenTo }) => writtenTo === true);
  return { trust, ...(known && trust === "blind" && { newcomer: true }) };
}

async function firstTrustOfOwn(unit: Unit, device: DeviceId): Promise<Trust> {
  const own = await unit.meta("ownDevices");
  // Before the list was read for the first time, whoever is there was there when this browser came.
  if (own === undefined) return "blind";
  return (own.first ?? own.known).includes(device) ? "blind" : "undecided";
}

/** These devices were written to: further ones of their owners are newcomers. */
export async function noteWrittenTo(unit: Unit, devices: readonly DeviceAddress[]): Promise<void> {
  for (const { jid, device } of devices) {
    const pin = await unit.get("pins", addressOf(jid, device));
    if (pin !== undefined && pin.writtenTo !== true) unit.put("pins", { ...pin, writtenTo: true });
  }
}

/**
 * Somebody's list is another one. A device that left it and comes back is a newcomer like one that was never there: its owner
 * may have taken it off because it was stolen, and whoever can add to the list could bring it back unnoticed (S3). An empty
 * list says of no device that it was taken off: servers lose lists.
 */
export async function noteLeft(unit: Unit, jid: BareJid, listed: readonly DeviceId[]): Promise<void> {
  const pins = (await unit.all("pins")).filter((pin) => pin.jid === jid);
  if (listed.length === 0 || !pins.some(({ writtenTo }) => writtenTo === true)) return;
  for (const pin of pins) {
    const left = !listed.includes(pin.device) && isTrusted(trustOf(pin));
    if (left && pin.newcomer !== true) unit.put("pins", { ...pin, newcomer: true });
  }
}

/** A device as it was shown; no fingerprint: its key was not known yet. */
export type SeenDevice = DeviceAddress & { readonly fingerprint?: string };

/**
 * The person has seen that these devices are new; they are trusted as those before them are. What was seen may be old, in
 * another tab: a device that shows another key by now has not been.
 */
export async function noteSeen(unit: Unit, devices: readonly SeenDevice[]): Promise<void> {
  for (const { jid, device, fingerprint } of devices) {
    const pin = await unit.get("pins", addressOf(jid, device));
    if (pin === undefined || fingerprintOf(pin.identityKey) !== fingerprint) continue;
    if (pin.newcomer === true) unit.put("pins", { ...pin, newcomer: undefined });
  }
}

/**
 * Whether this key is pinned as that of a device of somebody else. Two people do not have one key: a message of the one that
 * is shown as the other's would open all the same (S6). A key that was refused under another name claims nothing.
 */
export async function isSomebodyElses(unit: Unit, jid: BareJid, identityKey: Bytes): Promise<boolean> {
  return (await unit.all("pins")).some(
    (pin) => pin.jid !== jid && trustOf(pin) !== "distrusted" && sameBytes(pin.identityKey, identityKey),
  );
}

/** A device shows another key than before. One that was refused already is no news. */
export function noteChange(unit: Unit, pin: PinRow, identityKey: Bytes): void {
  const noted = [pin.shown, pin.refused].some((key) => key !== undefined && sameBytes(key, identityKey));
  if (!noted) unit.put("pins", { ...pin, shown: identityKey });
}

/** Listed devices as the plan of a message sees them. */
function candidatesOf(
  devices: readonly DeviceAddress[],
  pinOf: (address: string) => PinRow | undefined,
): readonly Candidate[] {
  return devices.map(({ jid, device }) => {
    const pin = pinOf(addressOf(jid, device));
    if (pin === undefined) return { jid, device };
    const { shown, newcomer } = pin;
    return { jid, device, trust: trustOf(pin), changed: shown !== undefined, ...(newcomer === true && { newcomer }) };
  });
}

/** The same from the store of a unit, as the person wants it there (`onlyVerified`). */
export async function readersIn(
  unit: Unit,
  own: BareJid,
  devices: readonly DeviceAddress[],
): Promise<readonly Candidate[]> {
  const rows = await Promise.all(devices.map(({ jid, device }) => unit.get("pins", addressOf(jid, device))));
  const pins = new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.address, row] as const])));
  const candidates = candidatesOf(devices, (address) => pins.get(address));
  return (await unit.meta("onlyVerified")) === undefined ? candidates : onlyVerified(own, candidates);
}

/** The same from memory. */
export function readersAmong(
  { pins, onlyVerified: strict }: Pick<Cache, "pins" | "onlyVerified">,
  own: BareJid,
  devices: readonly DeviceAddress[],
): readonly Candidate[] {
  const candidates = candidatesOf(devices, (address) => pins.get(address));
  return strict ? onlyVerified(own, candidates) : candidates;
}

/** Whether anything may be encrypted to a device: its pinned key is trusted and it shows no other. */
export async function mayEncryptTo(unit: Unit, { jid, device }: DeviceAddress): Promise<boolean> {
  const pin = await unit.get("pins", addressOf(jid, device));
  return pin !== undefined && pin.shown === undefined && isTrusted(trustOf(pin));
}

/** What is to be said beside a message of a device; undefined: nothing. Notes that the device is in use. */
export async function doubtOf(
  unit: Unit,
  { jid, device }: DeviceAddress,
  now: Time,
): Promise<"undecided" | "distrusted" | undefined> {
  const pin = await unit.get("pins", addressOf(jid, device));
  if (pin === undefined) return undefined;
  if ((pin.lastUsed ?? 0) < now - USED_AGAIN_MS) unit.put("pins", { ...pin, lastUsed: now });
  const trust = trustOf(pin);
  return isTrusted(trust) ? undefined : (trust as "undecided" | "distrusted");
}
