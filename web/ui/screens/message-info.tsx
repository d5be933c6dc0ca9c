import { useEffect, useState } from "preact/hooks";
import { drop } from "../../engine/drop.ts";
import type { MessageItem } from "../../engine/protocol.ts";
import { text } from "../../i18n/text.ts";
import { fullTime } from "../../model/format.ts";
import { Dialog } from "../parts/dialog.tsx";
import { useApp } from "../use-app.ts";

/** Enough of a fingerprint to find the device in its list. */
const FINGERPRINT_START = 16;

/** What is known of a message, and what the servers on its way could read of it. */
export function MessageInfo({ item, onClose }: { readonly item: MessageItem; readonly onClose: () => void }) {
  const app = useApp();
  const [fingerprint, setFingerprint] = useState<string | undefined>(undefined);
  const { device, chat, outgoing, encrypted, archived, at } = item;
  useEffect(() => {
    if (device === undefined) return;
    const look = async () => {
      const { devices } = await app.engine.devices({ jid: outgoing ? undefined : chat });
      setFingerprint(devices.find((one) => one.device === device)?.fingerprint);
    };
    drop(look());
  }, [device, chat, outgoing]);
  const start = fingerprint?.slice(0, FINGERPRINT_START).replace(/(.{8})(?=.)/g, "$1 ");
  return (
    <Dialog title={text("message-info--title")} onClose={onClose}>
      <p>{fullTime(at)}</p>
      <p>{text(encrypted ? "message-info--encrypted" : "message-info--clear")}</p>
      {start === undefined ? undefined : <p>{text("message-info--device", { fingerprint: start })}</p>}
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
