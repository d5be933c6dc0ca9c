import { type Signal, signal } from "@preact/signals-core";
import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { nameOf } from "../../model/chats.ts";
import { enterRoom, inviteTo, leaveRoom, renameRoom } from "../../model/room-actions.ts";
import { ownsAlone } from "../../model/room-running.ts";
import { meantAddress, suggestPeople } from "../../model/suggest.ts";
import { PersonField } from "./person-field.tsx";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { NameDialog } from "../parts/name-dialog.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

type Closing = { readonly onClose: () => void };

const useText = (text = ""): Signal<string> => useState(() => signal(text))[0];

/** One that asks for a password; `nick`: under which name. */
export function JoinRoom({
  room,
  nick,
  onClose,
}: Closing & { readonly room: BareJid; readonly nick?: string | undefined }) {
  const app = useApp();
  const address = useText(room);
  const password = useText();
  return (
    <FormDialog
      title={text("find-room--title")}
      lead={text("join-room--lead-password")}
      confirm={text("join-room--confirm")}
      busyLabel={text("join-room--busy")}
      about={room}
      act={() => enterRoom(app, room, { password: password.peek(), ...(nick !== undefined && { nick }) })}
      onClose={onClose}
    >
      {(failure, note) => (
        <>
          <Field
            label={text("create-room--address")}
            kind="new-address"
            value={address}
            placeholder={text("join-room--address-hint")}
            disabled={true}
          />
          <Field
            label={text("join-room--password")}
            kind="password"
            value={password}
            focus={true}
            wrong={failure !== undefined}
            describedBy={note}
          />
        </>
      )}
    </FormDialog>
  );
}

/** Under which name we are there. */
export function RoomNick({ room, onClose }: Closing & { readonly room: BareJid }) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const nick = useText(chat?.room?.nick);
  return (
    <NameDialog
      title={text("room-nick--title", { name: chat?.name ?? room })}
      lead={text("room-nick--lead")}
      confirm={text("room-nick--confirm")}
      busyLabel={text("room-nick--busy")}
      about={room}
      act={() => enterRoom(app, room, { nick: nick.peek().trim() })}
      onClose={onClose}
      label={text("join-room--nick")}
      value={nick}
    />
  );
}

/** What it is called for everybody. */
export function RenameRoom({ room, onClose }: Closing & { readonly room: BareJid }) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const name = useText(chat?.name);
  return (
    <NameDialog
      title={text("rename-room--title", { name: chat?.name ?? room })}
      lead={text("rename-room--lead")}
      confirm={text("rename-room--confirm")}
      busyLabel={text("rename-room--busy")}
      about={room}
      act={() => renameRoom(app, room, name.peek())}
      onClose={onClose}
      label={text("create-room--name")}
      value={name}
    />
  );
}

type Invited = Closing & {
  readonly room: BareJid;
  /** Whom it was tried to add already, and why that failed. */
  readonly tried?: { readonly address: string; readonly failure: Failure };
};

/** Somebody becomes a member, and is asked in. */
export function InviteToRoom({ room, tried, onClose }: Invited) {
  const app = useApp();
  const chats = useValue(app.chats);
  const name = nameOf(room, chats);
  const address = useText(tried?.address);
  const view = useValue(app.roomView);
  const members = new Set(view?.room === room ? view.people.flatMap(({ jid }) => jid ?? []) : []);
  const meant = () => meantAddress(address.peek(), suggestPeople(chats.values(), address.peek(), members));
  return (
    <FormDialog
      title={text("invite--title", { name })}
      lead={text("invite--lead")}
      confirm={text("invite--confirm")}
      busyLabel={text("invite--busy")}
      about={useValue(address)}
      failed={tried?.failure}
      act={() => inviteTo(app, room, meant())}
      onClose={onClose}
    >
      {(failure, note) => (
        <PersonField
          value={address}
          without={members}
          wrong={failure !== undefined}
          describedBy={note}
          onPick={({ jid }) => {
            address.value = jid;
          }}
        />
      )}
    </FormDialog>
  );
}

export function LeaveRoom({ room, onClose }: Closing & { readonly room: BareJid }) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const name = nameOf(room, app.chats.peek());
  const [alone, setAlone] = useState(false);
  const owns = chat?.room?.owned === true;
  useEffect(() => {
    if (owns) drop(app.engine.members({ room }).then((view) => setAlone(ownsAlone(view))));
  }, [app, room, owns]);
  const to = (act: () => void) => () => {
    onClose();
    act();
  };
  return (
    <FormDialog
      title={text("leave-room--title", { name })}
      lead={text(alone ? "leave-room--last-owner" : "leave-room--what")}
      others={
        alone ? (
          <div class="dialog-others">
            <button type="button" class="link" onClick={to(() => app.go({ screen: "members", of: room }))}>
              {text("leave-room--name-owner")}
            </button>
            <button
              type="button"
              class="link link-bad"
              onClick={to(() => {
                app.dialog.value = { kind: "destroy-room", room };
              })}
            >
              {text("room--destroy")}
            </button>
          </div>
        ) : undefined
      }
      confirm={text("leave-room--confirm")}
      busyLabel={text("leave-room--busy")}
      about={room}
      bad={true}
      act={() => leaveRoom(app, room)}
      onClose={onClose}
    />
  );
}
