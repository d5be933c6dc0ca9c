// XEP-0384: OMEMO Encryption, version 0.3.0. Device lists (§4.2, §4.3).

import xml, { type Element } from "@xmpp/xml";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { DeviceId } from "../../worker/contract/names.ts";
import { OMEMO_ID_MAX, OMEMO_NAMESPACE } from "../../worker/contract/omemo.ts";
import { attribute, children, integer } from "./element.ts";

export const DEVICE_LIST_NODE = `${OMEMO_NAMESPACE}.devicelist`;

/** 1 … 2^31 − 1 in decimal digits; undefined for anything else. */
export function parseDeviceId(text: string | undefined): DeviceId | undefined {
  return integer(text, 1, OMEMO_ID_MAX) as DeviceId | undefined;
}

/**
 * The payload of a device list item. Impossible ids are dropped one by one, repeated ones collapse, and reading stops
 * at `LIMITS.devicesPerJid`. Empty: the account has no OMEMO device. Undefined: this is no device list.
 */
export function parseDeviceList(payload: Element | undefined): readonly DeviceId[] | undefined {
  if (payload === undefined || !payload.is("list", OMEMO_NAMESPACE)) return undefined;
  const ids = children(payload, "device", OMEMO_NAMESPACE).flatMap(
    (device) => parseDeviceId(attribute(device, "id")) ?? [],
  );
  return [...new Set(ids)].slice(0, LIMITS.devicesPerJid);
}

/** Every device that can be read of a list that is to be changed: more than anybody encrypts for. */
export function everyDeviceIn(payload: Element | undefined): readonly DeviceId[] {
  return [...new Set((payload?.getChildElements() ?? []).flatMap((child) => idOf(child) ?? []))];
}

/**
 * The payload to publish in the place of another: with these devices and no others of those that can be read. Whatever else
 * stands in it belongs to other apps and stays as it is, byte for byte. Never for nothing: clients in the field fail on
 * an empty list; when the last device goes, the node is deleted instead. Throws a RangeError then.
 */
export function buildDeviceList(devices: readonly DeviceId[], before?: Element): Element {
  const kept = (before?.getChildElements() ?? []).filter((child) => {
    const id = idOf(child);
    return id === undefined || devices.includes(id);
  });
  const listed = new Set(kept.map(idOf));
  const added = [...new Set(devices)].filter((id) => !listed.has(id)).map((id) => xml("device", { id }));
  if (kept.length + added.length === 0) throw new RangeError("an empty device list is not published; delete the node");
  return xml("list", { ...before?.attrs, xmlns: OMEMO_NAMESPACE }, ...kept, ...added);
}

/** Whether a list holds anything beside devices that can be read. */
export function holdsOthers(payload: Element | undefined): boolean {
  return (payload?.getChildElements() ?? []).some((child) => idOf(child) === undefined);
}

function idOf(child: Element): DeviceId | undefined {
  return child.is("device", OMEMO_NAMESPACE) ? parseDeviceId(attribute(child, "id")) : undefined;
}
