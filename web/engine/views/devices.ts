/** The devices of an account as its people see them: keys that are pinned here, and own browsers as the object says. */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { BrowserInfo } from "../../../worker/contract/state.ts";
import type { Account } from "../account.ts";
import { fingerprintOf } from "../omemo/fingerprint.ts";
import { isTrusted } from "../omemo/trust.ts";
import { codeOf } from "../omemo/trust-code.ts";
import { trustOf } from "../omemo/trust-pins.ts";
import { type Claim, claimsUri } from "../omemo/trust-uri.ts";
import type { PinRow } from "../store/device-rows.ts";
import { browserNames } from "./browser-names.ts";
import type { DeviceItem, DevicesView } from "../protocol/account.ts";

/** The devices of somebody, ours when `jid` is undefined: those listed now and those seen before. */
export async function devicesOf({ self, cache, live }: Account, jid: BareJid | undefined): Promise<DevicesView> {
  const owner = jid ?? self.jid;
  const pins = [...cache.pins.values()].filter((pin) => pin.jid === owner);
  const fingerprints = new Map<DeviceId, string>(pins.map((pin) => [pin.device, fingerprintOf(pin.identityKey)]));
  const listed = new Set(cache.deviceLists.get(owner)?.devices ?? []);
  const own = owner === self.jid;
  if (own) fingerprints.set(self.device, fingerprintOf(self.identityKey));
  const browsers = own ? live.browsers : [];
  const names = browserNames(browsers);
  const numbers = numbersOf(
    [...listed].filter((device) => !browsers.some((one) => one.device === device)),
    pins,
  );
  const ids = new Set<DeviceId>([
    ...(own ? [self.device] : []),
    ...browsers.flatMap(({ device }) => device ?? []),
    ...listed,
    ...fingerprints.keys(),
  ]);
  const decidedBy = ({ decided }: PinRow) => {
    const by = decided?.by && live.browsers.find((one) => one.device === decided.by);
    return by ? { decidedBy: browserNames(live.browsers).get(by.id) ?? by.name } : {};
  };
  const describe = async (device: DeviceId): Promise<DeviceItem> => {
    const browser = browsers.find((candidate) => candidate.device === device);
    const pin = pins.find((candidate) => candidate.device === device);
    const compared = own && device !== self.device && pin !== undefined;
    return {
      device,
      fingerprint: fingerprints.get(device),
      name: browser && names.get(browser.id),
      ...(browser === undefined && { number: numbers.get(device) }),
      ...(browser !== undefined && { kind: browser.kind }),
      browser: browser?.id,
      here: own && device === self.device,
      attached: browser?.attached ?? false,
      firstSeen: browser?.firstSeen,
      lastSeen: browser?.lastSeen,
      listed: listed.has(device),
      signedOut: browser?.signedOut ?? false,
      ...(browser?.dormant === true && { dormant: true }),
      ...(pin !== undefined && {
        trust: trustOf(pin),
        ...decidedBy(pin),
        changedTo: pin.shown && fingerprintOf(pin.shown),
        met: pin.firstSeen,
        used: pin.lastUsed,
      }),
      code: compared ? await codeOf(self.identityKey, pin.identityKey) : undefined,
    };
  };
  const devices = await Promise.all([...ids].map(describe));
  const keyless = browsers.filter(
    ({ id, device, signedOut }) => device === undefined && !signedOut && id !== self.browser,
  );
  const uri = own ? claimsUri({ jid: owner, devices: devices.flatMap(claimOf) }) : undefined;
  return { jid: owner, devices: [...devices, ...keyless.map((info) => withoutDevice(info, names.get(info.id)))], uri };
}

/** Apps tell no names, so they are counted in the order in which they were met here. */
function numbersOf(listed: readonly DeviceId[], pins: readonly PinRow[]): ReadonlyMap<DeviceId, number> {
  const met = (of: DeviceId) => pins.find(({ device }) => device === of)?.firstSeen ?? Number.POSITIVE_INFINITY;
  const byMeeting = listed.toSorted((a, b) => Math.sign(met(a) - met(b)) || a - b);
  return new Map(byMeeting.map((device, index) => [device, index + 1]));
}

/** Signed in, and its keys not known: the server cannot carry them, or it has only just come. */
function withoutDevice(info: BrowserInfo, name: string | undefined): DeviceItem {
  const { id, kind, attached, firstSeen, lastSeen } = info;
  return {
    browser: id,
    ...(name !== undefined && { name }),
    kind,
    attached,
    firstSeen,
    lastSeen,
    here: false,
    listed: true,
    signedOut: false,
  };
}

/** What we vouch for when somebody compares keys with us: this browser and those that were let in. */
function claimOf({ here, device, fingerprint, trust, changedTo, listed }: DeviceItem): readonly Claim[] {
  const ours = here || (listed && changedTo === undefined && trust !== undefined && isTrusted(trust));
  return ours && device !== undefined && fingerprint !== undefined ? [{ device, fingerprint }] : [];
}
