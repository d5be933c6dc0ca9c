import { useEffect, useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { DeviceItem, LeftOut } from "../../engine/protocol/account.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { plural, text } from "../../i18n/aside.ts";
import { fingerprintStart, fullTime } from "../../model/format.ts";
import { nameOf } from "../../model/room.ts";
import { Dialog } from "../parts/dialog.tsx";
import { LeftOutList } from "../parts/left-out.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

/** The listed devices that cannot read it: of the other side, of others in a room, of ourselves. */
function NotEncryptedFor({
  devices,
  own,
}: {
  readonly devices: readonly LeftOut[];
  readonly own: readonly DeviceItem[];
}) {
  const app = useApp();
  const account = useValue(app.account);
  const chats = useValue(app.chats);
  const ownerOf = ({ jid, device }: LeftOut) => {
    if (jid !== account) return nameOf(jid, chats);
    return text("left-out--own", { name: own.find((one) => one.device === device)?.name ?? text("devices--unnamed") });
  };
  return (
    <div class="left-out-note">
      <p>{plural("message-info--left-out", devices.length)}</p>
      <LeftOutList devices={devices} ownerOf={ownerOf} />
    </div>
  );
}

/** What is known of a message, and what the servers on its way could read of it. */
export function MessageInfo({ item, onClose }: { readonly item: MessageItem; readonly onClose: () => void }) {
  const app = useApp();
  const [devices, setDevices] = useState<readonly DeviceItem[]>([]);
  const { device, chat, outgoing, encrypted, archived, at, leftOut } = item;
  useEffect(() => {
    if (device === undefined) return;
    const look = async () => setDevices((await app.engine.devices({ jid: outgoing ? undefined : chat })).devices);
    drop(look());
  }, [device, chat, outgoing]);
  const fingerprint = devices.find((one) => one.device === device)?.fingerprint;
  return (
    <Dialog title={text("message-info--title")} onClose={onClose}>
      <p>{fullTime(at)}</p>
      <p>{text(encrypted ? "message-info--encrypted" : "message-info--clear")}</p>
      {fingerprint === undefined ? undefined : (
        <p>{text("message-info--device", { fingerprint: fingerprintStart(fingerprint) })}</p>
      )}
      {leftOut === undefined ? undefined : <NotEncryptedFor devices={leftOut} own={devices} />}
      <p>{text(archived === true ? "message-info--archived" : "message-info--not-archived")}</p>
      {encrypted && item.quote !== undefined ? <p>{text("message-info--answers")}</p> : undefined}
      <p>{text(encrypted ? "message-info--readable" : "message-info--all-readable")}</p>
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("message-info--close")}
        </button>
      </div>
    </Dialog>
  );
}
