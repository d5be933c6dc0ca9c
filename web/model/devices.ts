/** What is said of a device: how it is called, how it stands, how far it is trusted. */
import type { Time } from "../../worker/contract/names.ts";
import type { DeviceItem } from "../engine/protocol/account.ts";
import { type TextKey, text } from "../i18n/aside.ts";
import { seen } from "./format.ts";

/** Names of browsers come from them; apps tell none, so they are counted. */
export function deviceName({ name, number }: Pick<DeviceItem, "name" | "number">, own: boolean): string {
  if (name !== undefined) return name;
  if (number === undefined) return text("devices--unnamed");
  if (!own) return text("devices--counted", { number });
  return number === 1 ? text("devices--unnamed") : text("devices--unnamed-counted", { number });
}

/** One line: whether somebody sits there, else when it was last heard of. */
export function deviceState(device: DeviceItem, now: Time): string | undefined {
  if (device.here) return text("devices--here");
  if (device.dormant === true) return text("devices--dormant");
  if (device.signedOut) return text("devices--signed-out");
  if (device.attached) return text("devices--online");
  if (device.lastSeen !== undefined) return text("devices--seen", { when: seen(device.lastSeen, now) });
  if (device.device === undefined) return text("devices--no-device");
  if (device.fingerprint === undefined) return text("devices--no-fingerprint");
  return device.used === undefined ? text("devices--silent") : text("devices--used", { when: seen(device.used, now) });
}

export type TrustMark = { readonly key: TextKey; readonly tone: "good" | "quiet" | "warn" | "bad" };

/** Undefined where there is nothing to say: this browser itself, and what is signed out. */
export function trustMark({ trust, changedTo, here, signedOut }: DeviceItem): TrustMark | undefined {
  if (here || signedOut) return undefined;
  if (changedTo !== undefined) return { key: "trust--changed", tone: "bad" };
  switch (trust) {
    case "verified":
      return { key: "trust--verified", tone: "good" };
    case "blind":
      return { key: "trust--blind", tone: "quiet" };
    case "distrusted":
      return { key: "trust--distrusted", tone: "bad" };
    case "undecided":
      return { key: "trust--undecided", tone: "warn" };
    case undefined:
      return undefined;
  }
}

/** What is off the list reads nothing any more and is gone; own browsers that were signed out keep what they hold. */
export function isShownDevice({ listed, here, browser }: DeviceItem): boolean {
  return listed || here || browser !== undefined;
}

/** This browser first, then those in use, then the others. */
export function compareDevices(a: DeviceItem, b: DeviceItem): number {
  return (
    Number(b.here) - Number(a.here) ||
    Number(a.signedOut) - Number(b.signedOut) ||
    Number(b.attached) - Number(a.attached) ||
    (b.lastSeen ?? b.used ?? 0) - (a.lastSeen ?? a.used ?? 0) ||
    (a.number ?? 0) - (b.number ?? 0)
  );
}
