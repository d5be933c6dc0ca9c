/**
 * Devices that were never met and of which something came. A first message proves who holds the key that it names, and says
 * nothing about whose device that is: a server, or another member of a room, may show it under anybody's name. So it is
 * opened only once its sender's own list holds the device and its bundle holds the key (S6); until then it is kept.
 */
import type { Time } from "../../../worker/contract/names.ts";
import type { Bytes } from "../bytes.ts";
import { type DeviceAddress, isSameDevice } from "../store/device-rows.ts";
import type { HeldTransport, Unproven } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";

/** Devices of one person, of all, that may wait to be looked up: more are noted when those are settled. */
const WAITING_OF_ONE = 10;
const WAITING = 200;
/** Messages without a text that may wait; the next one of their sender brings the same. */
const TRANSPORTS_OF_ONE = 8;
const TRANSPORTS = 50;
/** Base64 characters of keys in such a message; what is sent in fact has some 300. */
const TRANSPORT_LENGTH = 2_048;

/** The key that the bundle of a listed device has shown; undefined while it was not looked up. */
export async function proofOf(unit: Unit, of: DeviceAddress): Promise<Bytes | undefined> {
  return (await unprovenIn(unit)).find((one) => isSameDevice(one, of))?.identityKey;
}

/** The device is to be looked up. */
export async function noteUnproven(unit: Unit, { jid, device }: DeviceAddress, now: Time): Promise<void> {
  const devices = await unprovenIn(unit);
  const noted = devices.some((one) => isSameDevice(one, { jid, device }));
  if (noted || devices.filter((one) => one.jid === jid).length >= WAITING_OF_ONE) return;
  unit.put("meta", { name: "unproven", devices: [...devices, { jid, device, at: now }].slice(-WAITING) });
}

/** It was looked up. False: nobody waits for that. */
export async function noteProof(unit: Unit, of: DeviceAddress, identityKey: Bytes): Promise<boolean> {
  const devices = await unprovenIn(unit);
  if (!devices.some((one) => isSameDevice(one, of))) return false;
  const next = devices.map((one) => (isSameDevice(one, of) ? { ...one, identityKey } : one));
  unit.put("meta", { name: "unproven", devices: next });
  return true;
}

/** It was met, or there is nothing left to look it up for. */
export async function forgetUnproven(unit: Unit, of: DeviceAddress): Promise<void> {
  const devices = await unprovenIn(unit);
  const rest = devices.filter((one) => !isSameDevice(one, of));
  if (rest.length < devices.length) unit.put("meta", { name: "unproven", devices: rest });
}

/** Keeps a message without a text, which has no row, until it can be opened. */
export async function holdTransport(unit: Unit, held: HeldTransport): Promise<void> {
  const length = held.omemo.keys.reduce((sum, { data }) => sum + data.length, 0);
  if (length > TRANSPORT_LENGTH) return;
  const all = await heldIn(unit);
  const others = all.filter(({ jid }) => jid !== held.jid);
  const theirs = [...all.filter(({ jid }) => jid === held.jid), held].slice(-TRANSPORTS_OF_ONE);
  unit.put("meta", { name: "held", transports: [...others, ...theirs].slice(-TRANSPORTS) });
}

/** Takes those off that fit, to be tried now. */
export async function takeTransports(
  unit: Unit,
  fits: (held: HeldTransport) => boolean,
): Promise<readonly HeldTransport[]> {
  const all = await heldIn(unit);
  const taken = all.filter(fits);
  if (taken.length > 0) unit.put("meta", { name: "held", transports: all.filter((one) => !fits(one)) });
  return taken;
}

async function unprovenIn(unit: Unit): Promise<readonly Unproven[]> {
  return (await unit.meta("unproven"))?.devices ?? [];
}

async function heldIn(unit: Unit): Promise<readonly HeldTransport[]> {
  return (await unit.meta("held"))?.transports ?? [];
}
