/**
 * That a person has said here that an own browser may have everything: kept with the decision about its key, before anything is
 * told, and of that key alone. What the other end says of itself allows it nothing.
 */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { Handover, HandoverState } from "../protocol/account.ts";
import type { Cache } from "../store/cache.ts";
import { addressOf } from "../store/device-rows.ts";
import type { Unit } from "../store/unit.ts";

const OVER: ReadonlySet<HandoverState> = new Set(["finished", "nothing", "cancelled", "cancelled-there", "left"]);

/** Whether it may. One that was stopped may not, nor one that shows another key by now. */
export function mayHaveAll(cache: Cache, jid: BareJid, device: DeviceId): boolean {
  const notice = cache.notices.get(givingKey(device))?.notice;
  if (notice?.kind !== "handover" || notice.state === "cancelled") return false;
  return notice.to === keyIn(cache, jid, device);
}

/** It is allowed, or allowed again. Nobody is told before something is asked for. */
export async function permit(unit: Unit, device: DeviceId, to: string | undefined): Promise<void> {
  const notice = { ...newHandover("giving", device), ...(to !== undefined && { to }) };
  unit.put("notices", { key: notice.key, notice, dismissed: true });
}

/** It is allowed no more: what is under way ends, and what comes later has to be allowed anew. */
export async function withdraw(unit: Unit, device: DeviceId): Promise<void> {
  const row = await unit.get("notices", givingKey(device));
  if (row?.notice.kind !== "handover") return;
  if (row.dismissed) unit.delete("notices", row.key);
  else unit.put("notices", { ...row, notice: { ...row.notice, state: "cancelled" } });
}

/** It was taken off the account: whoever comes back under its number, even with its key, has to be allowed anew. */
export async function withdrawRemoved(unit: Unit, device: DeviceId): Promise<void> {
  const row = await unit.get("notices", givingKey(device));
  if (row?.notice.kind !== "handover") return;
  const { to: _allowed, state, ...notice } = row.notice;
  if (row.dismissed) unit.delete("notices", row.key);
  else unit.put("notices", { ...row, notice: { ...notice, state: OVER.has(state) ? state : "left" } });
}

/** The fingerprint of the key that it shows here. */
export function keyIn(cache: Cache, jid: BareJid, device: DeviceId): string | undefined {
  const pin = cache.pins.get(addressOf(jid, device));
  return pin && fingerprintOf(pin.identityKey);
}

export function newHandover(role: Handover["role"], device: DeviceId): Handover {
  return { kind: "handover", key: handoverKey(role, device), role, device, state: "waiting", done: 0, of: 0, gaps: 0 };
}

export function handoverKey(role: Handover["role"], device: DeviceId): string {
  return `handover:${role}:${device}`;
}

function givingKey(device: DeviceId): string {
  return handoverKey("giving", device);
}
