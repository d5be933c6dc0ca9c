/** Own devices that were not used for long leave the device list: messages encrypted to them are never read. */
import type { BrowserId, DeviceId, Time } from "../../worker/contract/names.ts";
import type { Browser } from "../store/browser-row.ts";
import { DORMANT_AFTER_MS } from "../store/browsers.ts";

type Seen = Pick<Browser, "id" | "device" | "lastSeen">;

/**
 * Which devices are to leave the list now. A browser with a socket counts as used, however long ago it attached. While
 * every browser is away none leaves: contacts would write in clear text to an account without devices.
 */
export function fallenDormant(
  browsers: readonly Seen[],
  attached: ReadonlySet<BrowserId>,
  dormant: readonly DeviceId[],
  now: Time,
): readonly DeviceId[] {
  const listed = browsers.flatMap((browser) => {
    const { device } = browser;
    const asleep = isAway(browser, attached, now);
    return device === undefined || dormant.includes(device) ? [] : [{ device, asleep }];
  });
  return listed.every(({ asleep }) => asleep) ? [] : listed.flatMap(({ device, asleep }) => (asleep ? [device] : []));
}

/** Whether no browser with a device is in use: then none is told apart from the others. */
export function isEverybodyAway(browsers: readonly Seen[], attached: ReadonlySet<BrowserId>, now: Time): boolean {
  return browsers.every((browser) => browser.device === undefined || isAway(browser, attached, now));
}

function isAway({ id, lastSeen }: Seen, attached: ReadonlySet<BrowserId>, now: Time): boolean {
  return !attached.has(id) && lastSeen < now - DORMANT_AFTER_MS;
}
