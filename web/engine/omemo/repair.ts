/**
 * Sessions that no longer decrypt what comes in: which are to be rebuilt, within limits, so that nobody can make this
 * browser do it without end. A repair is committed with the failure that calls for it, and dropped by the first message
 * that decrypts.
 */
import type { Time } from "../../../worker/contract/names.ts";
import type { Unit } from "../store/unit.ts";
import { addressOf, type DeviceAddress, isSameDevice, type Repairs } from "../store/device-rows.ts";

const HOUR_MS = 60 * 60 * 1_000;
/** The session with one device is rebuilt once in so long. */
const DEVICE_EVERY_MS = 24 * HOUR_MS;
/** All devices together, in an hour. */
const WITHIN_AN_HOUR = 10;
/** Devices that may wait for their turn. */
const WAITING = 50;

/** Devices of which this unit has decrypted something: what else of theirs fails in it was written before that. */
const opened = new WeakMap<Unit, Set<string>>();

const NONE: Repairs = { wanted: [], attempts: [] };

/** A message of this device could not be opened by any session. */
export async function wantRepair(unit: Unit, from: DeviceAddress): Promise<void> {
  if (opened.get(unit)?.has(addressOf(from.jid, from.device)) === true) return;
  const { wanted, attempts } = await repairsOf(unit);
  if (wanted.length >= WAITING || wanted.some((other) => isSameDevice(other, from))) return;
  const { jid, device } = from;
  unit.put("meta", { name: "repairs", wanted: [...wanted, { jid, device }], attempts });
}

/** A message of this device was opened: there is nothing to repair. */
export async function forgetRepair(unit: Unit, from: DeviceAddress): Promise<void> {
  const addresses = opened.get(unit) ?? new Set();
  opened.set(unit, addresses.add(addressOf(from.jid, from.device)));
  const { wanted, attempts } = await repairsOf(unit);
  const rest = wanted.filter((other) => !isSameDevice(other, from));
  if (rest.length < wanted.length) unit.put("meta", { name: "repairs", wanted: rest, attempts });
}

/** Takes the devices whose turn is now off the list and counts them as tried. */
export async function takeRepairs(unit: Unit, now: Time): Promise<readonly DeviceAddress[]> {
  const before = await repairsOf(unit);
  if (before.wanted.length === 0) return [];
  const { due, rest } = planRepairs(before, now);
  const tried = due.map((to) => ({ ...to, at: now }));
  const attempts = [...before.attempts.filter(({ at }) => isRecent(at, now, DEVICE_EVERY_MS)), ...tried];
  if (rest.length < before.wanted.length) unit.put("meta", { name: "repairs", wanted: rest, attempts });
  return due;
}

/** `due` may be rebuilt now; `rest` waits for the hour to be over. Who was tried already today is in neither. */
export function planRepairs(
  { wanted, attempts }: Repairs,
  now: Time,
): { readonly due: readonly DeviceAddress[]; readonly rest: readonly DeviceAddress[] } {
  const today = attempts.filter(({ at }) => isRecent(at, now, DEVICE_EVERY_MS));
  const allowed = wanted.filter((to) => !today.some((attempt) => isSameDevice(attempt, to)));
  const left = Math.max(0, WITHIN_AN_HOUR - today.filter(({ at }) => isRecent(at, now, HOUR_MS)).length);
  return { due: allowed.slice(0, left), rest: allowed.slice(left) };
}

async function repairsOf(unit: Unit): Promise<Repairs> {
  return (await unit.meta("repairs")) ?? NONE;
}

/** A time ahead of a clock that was put back counts as now. */
function isRecent(at: Time, now: Time, within: number): boolean {
  return at > now - within;
}
