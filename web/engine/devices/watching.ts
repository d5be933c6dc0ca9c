/**
 * What a browser asks about further devices of its own account, and what it only counts: the server makes the list, and can
 * put any number of devices on it and take them off again (T42). Pure.
 */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { MetaRow } from "../store/schema.ts";

/** Devices about which the person is asked at the same time, as many as a small screen has room for; the others wait until one of these is answered, or leaves. */
export const ASKED_AT_ONCE = 3;

type OwnDevices = Extract<MetaRow, { readonly name: "ownDevices" }>;

export type Watched = {
  /** Without this browser's own device. */
  readonly listed: readonly DeviceId[];
  readonly own: OwnDevices;
  /** The person is asked about these; `answered`: no longer, though they have allowed or refused no key. */
  readonly asked: readonly DeviceId[];
  readonly answered: readonly DeviceId[];
  /** Those that waited to be asked about, and those that have gone again, as the person was told last. */
  readonly waiting: readonly DeviceId[];
  readonly gone: readonly DeviceId[];
  /** Whether the key of this device is believed or refused. */
  readonly isDecided: (device: DeviceId) => boolean;
};

export type WatchPlan = {
  readonly own: OwnDevices;
  /** To be asked about from now on. */
  readonly ask: readonly DeviceId[];
  /** Nothing is to be asked of these any more: they are not on the list. */
  readonly withdraw: readonly DeviceId[];
  readonly waiting: readonly DeviceId[];
  readonly gone: readonly DeviceId[];
};

/** One that was told of and left the list is forgotten: listed again it is new. */
export function planWatch({ listed, own, asked, answered, waiting, gone, isDecided }: Watched): WatchPlan {
  const first = own.first ?? own.known;
  const known = own.known.filter((device) => listed.includes(device) || first.includes(device) || isDecided(device));
  const fresh = listed.filter((device) => !known.includes(device));
  const standing = asked.filter((device) => listed.includes(device));
  const room = Math.max(0, ASKED_AT_ONCE - standing.length);
  const ask = fresh.slice(0, room);
  const left = [...asked, ...waiting].filter((device) => !listed.includes(device));
  return {
    own: { ...own, ...(fresh.length > 0 && { first }), known: [...known, ...ask] },
    ask,
    withdraw: [...asked, ...answered].filter((device) => !listed.includes(device)),
    waiting: fresh.slice(room),
    gone: [...new Set([...gone.filter((device) => !listed.includes(device)), ...left])].slice(-LIMITS.devicesPerJid),
  };
}
