/** The devices of an account as its people see them: keys that are pinned here, and own browsers as the object says. */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { BrowserInfo } from "../../../worker/contract/state.ts";
import type { Account } from "../account.ts";
import { fingerprintOf } from "../omemo/identity.ts";
import { isTrusted } from "../omemo/trust.ts";
import { codeOf } from "../omemo/trust-code.ts";
import { trustOf } from "../omemo/trust-pins.ts";
import { type Claim, claimsUri } from "../omemo/trust-uri.ts";
import { shownName } from "../../words/names.ts";
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
  const ids = new Set<DeviceId>([
    ...(own ? [self.device] : []),
    ...browsers.flatMap(({ device }) => device ?? []),
    ...listed,
    ...fingerprints.keys(),
  ]);
  const describe = async (device: DeviceId): Promise<DeviceItem> => {
    const browser = browsers.find((candidate) => candidate.device === device);
    const pin = pins.find((candidate) => candidate.device === device);
    const compared = own && device !== self.device && pin !== undefined;
    return {
      device,
      fingerprint: fingerprints.get(device),
      name: browser && browserNameOf(browser),
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
  return { jid: owner, devices: [...devices, ...keyless.map(withoutDevice)], uri };
}

/** As it called itself when it signed in; anybody who has the password may have chosen the name. */
function browserNameOf({ name, id }: BrowserInfo): string {
  return shownName(name, id);
}

/** Signed in, and its keys not known: the server cannot carry them, or it has only just come. */
function withoutDevice(info: BrowserInfo): DeviceItem {
  const { id, kind, attached, firstSeen, lastSeen } = info;
  return {
    browser: id,
    name: browserNameOf(info),
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
