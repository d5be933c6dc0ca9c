/** Own devices that were not used for long leave the device list: messages encrypted to them are never read. */
import type { BrowserId, DeviceId, Time } from "../../worker/contract.ts";
import { type Browser, DORMANT_AFTER_MS } from "../store/browsers.ts";

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
  const listed = browsers.flatMap(({ id, device, lastSeen }) => {
    const asleep = !attached.has(id) && lastSeen < now - DORMANT_AFTER_MS;
    return device === undefined || dormant.includes(device) ? [] : [{ device, asleep }];
  });
  return listed.every(({ asleep }) => asleep) ? [] : listed.flatMap(({ device, asleep }) => (asleep ? [device] : []));
}
