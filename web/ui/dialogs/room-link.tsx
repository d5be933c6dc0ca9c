import { signal } from "@preact/signals-core";
import { useState } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import { enterByLink } from "../../model/room-actions.ts";
import { nameOf } from "../../model/chats.ts";
import { ledBy, linkOfRoom } from "../../model/room-link.ts";
import { addressText } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { LinkActions } from "../parts/link-actions.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { start } from "../../model/asking.ts";

type Closing = { readonly onClose: () => void };

/** The way into a room, to be copied, shared or scanned. */
export function RoomLink({ room, onClose }: Closing & { readonly room: BareJid }) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const uri = linkOfRoom(room);
  const closed = chat?.encryption !== "open";
  return (
    <Dialog title={text("room-link--title", { name: nameOf(room, useValue(app.chats)) })} onClose={onClose}>
      <p>{text(closed ? "room-link--text-members" : "room-link--text")}</p>
      <QrCode words={uri} label={text("room-link--qr")} />
      <LinkActions link={uri} label={text("room-link--field")} onClose={onClose} />
    </Dialog>
  );
}

/** A link in a message was pressed: where it leads and what that means is said before anybody there hears of it. */
export function OpenLink({ link, onClose }: Closing & { readonly link: string }) {
  const app = useApp();
  const chats = useValue(app.chats);
  const led = ledBy(link);
  const [nick] = useState(() => signal(""));
  if (led === undefined)
    return (
      <Dialog title={text("open-link--broken")} onClose={onClose}>
        <p>{text("open-link--broken-text")}</p>
        <div class="dialog-actions">
          <button type="button" class="button" autofocus onClick={onClose}>
            {text("device--close")}
          </button>
        </div>
      </Dialog>
    );
  const { jid, room, password } = led;
  const address = addressText(jid);
  if (!room)
    return (
      <FormDialog
        title={text("open-link--person", { name: nameOf(jid, chats) })}
        lead={text("open-link--person-text", { address })}
        confirm={text("open-link--write")}
        busyLabel={text("open-link--write")}
        about={jid}
        act={() => start(app, link)}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title={text("open-link--room", { name: nameOf(jid, chats) })}
      lead={text("open-link--room-text", { address })}
      confirm={text("join-room--confirm")}
      busyLabel={text("join-room--busy")}
      about={jid}
      act={() => enterByLink(app, jid, { nick: nick.peek().trim(), ...(password !== undefined && { password }) })}
      onClose={onClose}
    >
      {() => (
        <>
          {password === undefined ? undefined : <p>{text("open-link--password")}</p>}
          <Field label={text("join-room--nick")} kind="name" value={nick} placeholder={text("join-room--nick-hint")} />
        </>
      )}
    </FormDialog>
  );
}
