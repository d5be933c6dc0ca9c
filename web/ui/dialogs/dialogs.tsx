import { signOut } from "../../model/account-actions.ts";
import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { nameOf } from "../../model/chats.ts";
import { addressText } from "../../words/names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Mute, NotChosen } from "./choices.tsx";
import { ReactionsInClear } from "./reactions.tsx";
import { OwnName } from "./own-name.tsx";
import { DeviceDialog, RenameBrowser } from "./device.tsx";
import { OwnLink, VerifyLink } from "./links.tsx";
import { NewChat } from "./new-chat.tsx";
import { CreateRoom } from "./create-room.tsx";
import { FindRoom } from "./find-room.tsx";
import { OpenLink, RoomLink } from "./room-link.tsx";
import { forgetTaste } from "../page/forget.ts";
import { DeleteMessage, ForgetMessage } from "./delete-message.tsx";
import { DeleteMessages } from "./delete-messages.tsx";
import { Forward } from "./forward.tsx";
import { Block, DeleteChat, KeptAwayList, RemoveContact, RenameContact } from "./people.tsx";
import { InviteToRoom, JoinRoom, LeaveRoom, RenameRoom, RoomNick } from "./rooms.tsx";
import { Moderate, RoomActDialog } from "./room-act.tsx";
import { BannedPeople, DestroyRoom, RoomPassword, RoomPicture, RoomTopic } from "./room-settings.tsx";
import { InvitedAlready, NotRenewed, Revoke, RevokeOthers, StartAnew, StayOnline } from "./account.tsx";
import { ChangePassword, DeleteAccount, OpenedInvitation } from "./own-account.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { BrowserPicture, BrowserRefused } from "./let-in.tsx";
import { MessageInfo } from "./message-info.tsx";
import { Export } from "./export.tsx";
import { Import } from "./import.tsx";
import { SealedCopy } from "./sealed-copy.tsx";
import { Whisper } from "./whisper.tsx";

type Closing = { readonly onClose: () => void };

function SignOut({ onClose }: Closing) {
  const app = useApp();
  const account = useValue(app.account);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const leave = async (erase: boolean) => {
    setBusy(true);
    if (erase) forgetTaste();
    setFailure(await signOut(app, erase));
    setBusy(false);
  };
  return (
    <Dialog title={text("sign-out--title")} onClose={onClose}>
      <p>{text("sign-out--lead")}</p>
      <button type="button" class="choice" disabled={busy} onClick={() => drop(leave(false))}>
        <b>{text("sign-out--keep")}</b>
        <span>{text("sign-out--keep-text")}</span>
      </button>
      <button type="button" class="choice choice-bad" disabled={busy} onClick={() => drop(leave(true))}>
        <b>{text("sign-out--erase")}</b>
        <span>{text("sign-out--erase-text")}</span>
      </button>
      <FailureNote failure={failure} address={account ?? ""} />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text(busy ? "sign-out--busy" : "dialog--cancel")}
        </button>
      </div>
    </Dialog>
  );
}

function Expose({ chat, onClose }: Closing & { readonly chat: BareJid }) {
  const app = useApp();
  const name = nameOf(chat, useValue(app.chats));
  const expose = async () => {
    await app.engine.expose({ chat });
    onClose();
  };
  return (
    <Dialog title={text("expose--title", { name })} onClose={onClose}>
      <p>{text("expose--what", { address: addressText(chat) })}</p>
      <p>{text("expose--undo", { name })}</p>
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("dialog--cancel")}
        </button>
        <button type="button" class="button button-bad" onClick={() => drop(expose())}>
          {text("expose--confirm")}
        </button>
      </div>
    </Dialog>
  );
}

/** The dialog that is open, if any. */
export function Dialogs() {
  const app = useApp();
  const dialog = useValue(app.dialog);
  const close = () => {
    app.dialog.value = undefined;
  };
  switch (dialog?.kind) {
    case undefined:
    // These stand above this folder (`every-dialog.tsx`).
    case "switcher":
    case "go-to-date":
    case "room-person":
      return null;
    case "new-chat":
      return <NewChat onClose={close} />;
    case "rename-contact":
      return <RenameContact jid={dialog.jid} onClose={close} />;
    case "remove-contact":
      return <RemoveContact jid={dialog.jid} onClose={close} />;
    case "block":
      return <Block jid={dialog.jid} onClose={close} />;
    case "delete-chat":
      return <DeleteChat jid={dialog.jid} onClose={close} />;
    case "mute":
      return <Mute jid={dialog.jid} onClose={close} />;
    case "own-name":
      return <OwnName jid={dialog.jid} onClose={close} />;
    case "reactions":
      return <ReactionsInClear item={dialog.key} emojis={dialog.emojis} onClose={close} />;
    case "not-chosen":
      return <NotChosen failure={dialog.failure} onClose={close} />;
    case "kept-away":
      return <KeptAwayList onClose={close} />;
    case "export":
      return <Export onClose={close} />;
    case "import":
      return <Import onClose={close} />;
    case "sealed-copy":
      return <SealedCopy onClose={close} />;
    case "sign-out":
      return <SignOut onClose={close} />;
    case "expose":
      return <Expose chat={dialog.chat} onClose={close} />;
    case "revoke":
      return <Revoke browser={dialog.browser} name={dialog.name} gone={dialog.gone} onClose={close} />;
    case "browser-picture":
      return <BrowserPicture device={dialog.device} onClose={close} />;
    case "browser-refused":
      return <BrowserRefused name={dialog.name} onClose={close} />;
    case "revoke-others":
      return <RevokeOthers onClose={close} />;
    case "change-password":
      return <ChangePassword onClose={close} />;
    case "delete-account":
      return <DeleteAccount onClose={close} />;
    case "server-invitation":
      return <OpenedInvitation invitation={dialog.invitation} onClose={close} />;
    case "shortcuts":
      return <Shortcuts onClose={close} />;
    case "stay-online":
      return <StayOnline onClose={close} />;
    case "not-renewed":
      return <NotRenewed onClose={close} />;
    case "invited-already":
      return <InvitedAlready onClose={close} />;
    case "message-info":
      return <MessageInfo item={dialog.item} onClose={close} />;
    case "delete-message":
      return <DeleteMessage item={dialog.item} onClose={close} />;
    case "delete-messages":
      return <DeleteMessages items={dialog.items} all={dialog.all} onClose={close} />;
    case "forget-message":
      return <ForgetMessage item={dialog.item} onClose={close} />;
    case "forward":
      return <Forward items={dialog.items} onClose={close} />;
    case "create-room":
      return <CreateRoom onClose={close} />;
    case "join-room":
      return <JoinRoom room={dialog.room} nick={dialog.nick} onClose={close} />;
    case "find-room":
      return <FindRoom onClose={close} />;
    case "room-link":
      return <RoomLink room={dialog.room} onClose={close} />;
    case "open-link":
      return <OpenLink link={dialog.link} onClose={close} />;
    case "room-nick":
      return <RoomNick room={dialog.room} onClose={close} />;
    case "rename-room":
      return <RenameRoom room={dialog.room} onClose={close} />;
    case "invite":
      return <InviteToRoom room={dialog.room} {...(dialog.tried && { tried: dialog.tried })} onClose={close} />;
    case "leave-room":
      return <LeaveRoom room={dialog.room} onClose={close} />;
    case "room-topic":
      return <RoomTopic room={dialog.room} onClose={close} />;
    case "room-password":
      return <RoomPassword room={dialog.room} onClose={close} />;
    case "room-picture":
      return <RoomPicture room={dialog.room} tried={dialog.tried} onClose={close} />;
    case "room-banned":
      return <BannedPeople room={dialog.room} onClose={close} />;
    case "destroy-room":
      return <DestroyRoom room={dialog.room} onClose={close} />;
    case "room-act":
      return <RoomActDialog {...dialog} onClose={close} />;
    case "whisper":
      return <Whisper {...dialog} onClose={close} />;
    case "moderate":
      return <Moderate item={dialog.item} onClose={close} />;
    case "start-anew":
      return <StartAnew onClose={close} />;
    case "device":
      return <DeviceDialog jid={dialog.jid} device={dialog.device} browser={dialog.browser} onClose={close} />;
    case "rename-browser":
      return <RenameBrowser browser={dialog.browser} name={dialog.name} onClose={close} />;
    case "own-link":
      return <OwnLink onClose={close} />;
    case "invite-somebody":
      return <OwnLink invites={true} onClose={close} />;
    case "verify-link":
      return <VerifyLink jid={dialog.jid} link={dialog.link} compare={dialog.compare === true} onClose={close} />;
    default:
      return missingCase(dialog);
  }
}
