import { plural, text } from "../../i18n/aside.ts";
import { fingerprintStart } from "../../model/format.ts";
import type { LeftOut } from "../../engine/protocol/account.ts";

/** A room may have many; whoever wants to see all of them looks at the devices of each. */
const SHOWN = 6;

type Properties = {
  readonly devices: readonly LeftOut[];
  /** Whose each is, where that is not clear from what stands around the list. */
  readonly ownerOf?: (device: LeftOut) => string;
  /** What stands above the list has said why already. */
  readonly reasonSaid?: boolean;
};

/** Devices that get nothing to read: whose, what identifies each, and why. */
export function LeftOutList({ devices, ownerOf, reasonSaid = false }: Properties) {
  const more = devices.length - SHOWN;
  return (
    <ul class="left-out">
      {devices.slice(0, SHOWN).map((device) => (
        <li key={`${device.jid} ${device.device}`} data-device={device.device} data-why={device.why}>
          {ownerOf === undefined ? undefined : <bdi class="left-out-owner">{ownerOf(device)}</bdi>}
          {device.fingerprint === undefined ? (
            <span>{text("devices--number", { device: String(device.device) })}</span>
          ) : (
            <code dir="ltr">{fingerprintStart(device.fingerprint)}</code>
          )}
          {reasonSaid ? undefined : <span class="left-out-why">{text(`left-out--${device.why}`)}</span>}
        </li>
      ))}
      {more > 0 ? <li class="left-out-why">{plural("left-out--more", more)}</li> : undefined}
    </ul>
  );
}
