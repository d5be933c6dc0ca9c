/** From a text to an OMEMO element with one key per device (XEP-0384 0.3.0 §4.4). No network here. */
import type { Time } from "../../../worker/contract/names.ts";
import type { OmemoKey, OmemoMessage } from "../../../worker/contract/omemo.ts";
import { toBase64 } from "../../../worker/shared/base64.ts";
import { type Bytes, concat, randomBytes } from "../bytes.ts";
import type { Unit } from "../store/unit.ts";
import type { CheckedBundle } from "./bundle.ts";
import { checkPin } from "./devices.ts";
import { IV_BYTES, sealText } from "./message.ts";
import { ratchetSeal, type Self, startSession } from "./sessions.ts";
import { mayEncryptTo } from "./trust-pins.ts";
import { type DeviceAddress, addressOf } from "../store/device-rows.ts";

/** Random, the content of a key transport. */
const TRANSPORT_BYTES = 16;

/** Those of the devices with which there is no session yet. */
export async function withoutSession(unit: Unit, devices: readonly DeviceAddress[]): Promise<readonly DeviceAddress[]> {
  const rows = await Promise.all(devices.map(({ jid, device }) => unit.get("sessions", addressOf(jid, device))));
  return devices.filter((_, at) => rows[at] === undefined);
}

/**
 * Opens a session on a bundle. False when the device shows another identity than it had before, or one that this browser
 * does not trust, or a key of low order: it is left out of the message.
 */
export async function openSession(
  unit: Unit,
  self: Self,
  to: DeviceAddress,
  bundle: CheckedBundle,
  now: Time,
): Promise<boolean> {
  const pin = await checkPin(unit, self, to, bundle.identityKey, now);
  if (pin === "changed" || pin === "elsewhere" || !(await mayEncryptTo(unit, to))) return false;
  if (await startSession(unit, self, to, bundle)) return true;
  // A bundle that is refused must not claim the device.
  if (pin === "new") unit.delete("pins", addressOf(to.jid, to.device));
  return false;
}

/** Opens a session with each device; they are independent, so they are worked in parallel. */
export async function openSessions(
  unit: Unit,
  self: Self,
  offers: readonly { readonly device: DeviceAddress; readonly bundle: CheckedBundle }[],
  now: Time,
): Promise<void> {
  await Promise.all(offers.map(({ device, bundle }) => openSession(unit, self, device, bundle, now)));
}

/** Encrypts a text, and what is said beside it, for the devices with which there is a session. */
export async function sealMessage(
  unit: Unit,
  self: Self,
  devices: readonly DeviceAddress[],
  text: string,
  beside?: string,
): Promise<OmemoMessage> {
  const { iv, payload, inner, details } = await sealText(text, beside);
  const keys = await sealKeys(unit, self, devices, inner);
  const omemo = { sid: self.device, iv: toBase64(iv), keys, payload: toBase64(payload) };
  return { ...omemo, ...(details && { details: toBase64(details) }) };
}

/** A message without content for one device: it completes a session or turns a ratchet. `added`: for own browsers alone. */
export async function sealTransport(
  unit: Unit,
  self: Self,
  to: DeviceAddress,
  added: Bytes = new Uint8Array(),
): Promise<OmemoMessage> {
  const keys = await sealKeys(unit, self, [to], concat(randomBytes(TRANSPORT_BYTES), added));
  return { sid: self.device, iv: toBase64(randomBytes(IV_BYTES)), keys };
}

/** Sessions of different devices are independent, so they are worked in parallel. */
function sealKeys(
  unit: Unit,
  self: Self,
  devices: readonly DeviceAddress[],
  inner: Bytes,
): Promise<readonly OmemoKey[]> {
  return Promise.all(
    devices.map(async (to) => {
      const key = await ratchetSeal(unit, self, to, inner);
      const row = await unit.get("sessions", addressOf(to.jid, to.device));
      if (row?.owed !== undefined) unit.put("sessions", { ...row, owed: undefined });
      return key;
    }),
  );
}
