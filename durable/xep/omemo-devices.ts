// XEP-0384: OMEMO Encryption, version 0.3.0. Device lists (§4.2, §4.3).

import xml, { type Element } from "@xmpp/xml";
import { LIMITS, OMEMO_ID_MAX, OMEMO_NAMESPACE, type DeviceId } from "../../worker/contract.ts";
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

/**
 * The payload to publish. Never for no device: clients in the field fail on an empty list; when the last device goes,
 * the node is deleted instead. Throws a RangeError then.
 */
export function buildDeviceList(devices: readonly DeviceId[]): Element {
  if (devices.length === 0) throw new RangeError("an empty device list is not published; delete the node");
  return xml(
    "list",
    { xmlns: OMEMO_NAMESPACE },
    [...new Set(devices)].map((id) => xml("device", { id })),
  );
}
