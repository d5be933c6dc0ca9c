/** Own devices that nobody has opened for long leave the list: what is encrypted to them piles up, and nobody reads it. */
import type { BrowserId, DeviceId, Time } from "../../worker/contract.ts";
import { type Browser, DORMANT_AFTER_MS } from "../store/browsers.ts";

type Seen = Pick<Browser, "id" | "device" | "lastSeen">;

/**
 * Whose devices are to leave the list now. One with a socket is there, however long ago it came. While nobody at all was
 * here nobody leaves: an account without any device would be written to in clear text.
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
