import { type Signal, signal } from "@preact/signals-core";
import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import { asksForPassword, nameOf } from "../../model/room.ts";
import { enterRoom, inviteTo, leaveRoom, renameRoom } from "../../model/room-actions.ts";
import { meantAddress, suggestPeople } from "../../model/suggest.ts";
import { PersonField } from "./person-field.tsx";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

type Closing = { readonly onClose: () => void };

const useText = (text = ""): Signal<string> => useState(() => signal(text))[0];

/** By its address; of one that asks for a password (`room`) that is already known. */
export function JoinRoom({ room, onClose }: Closing & { readonly room: BareJid | undefined }) {
  const app = useApp();
  const address = useText(room);
  const nick = useText();
  const password = useText();
  const [asked, setAsked] = useState(room !== undefined);
  const join = async () => {
    const failure = await enterRoom(app, address.peek(), { nick: nick.peek().trim(), password: password.peek() });
    if (failure !== undefined && asksForPassword(failure)) setAsked(true);
    return failure;
  };
  return (
    <FormDialog
      title={text("join-room--title")}
      lead={text(room === undefined ? "join-room--lead" : "join-room--lead-password")}
      confirm={text("join-room--confirm")}
      busyLabel={text("join-room--busy")}
      about={useValue(address)}
      act={join}
      onClose={onClose}
    >
      {(failure, note) => (
        <>
          <Field
            label={text("create-room--address")}
            kind="new-address"
            value={address}
            placeholder={text("join-room--address-hint")}
            focus={!asked}
            disabled={room !== undefined}
            wrong={failure !== undefined && !asked}
            describedBy={note}
          />
          {room === undefined ? (
            <Field
              label={text("join-room--nick")}
              kind="name"
              value={nick}
              placeholder={text("join-room--nick-hint")}
            />
          ) : undefined}
          {asked ? (
            <Field
              label={text("join-room--password")}
              kind="password"
              value={password}
              focus={true}
              wrong={failure !== undefined}
              describedBy={note}
            />
          ) : undefined}
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
    <FormDialog
      title={text("room-nick--title", { name: chat?.name ?? room })}
      lead={text("room-nick--lead")}
      confirm={text("room-nick--confirm")}
      busyLabel={text("room-nick--busy")}
      about={room}
      act={() => enterRoom(app, room, { nick: nick.peek().trim() })}
      onClose={onClose}
    >
      {(failure, note) => (
        <Field
          label={text("join-room--nick")}
          kind="name"
          value={nick}
          focus={true}
          wrong={failure !== undefined}
          describedBy={note}
        />
      )}
    </FormDialog>
  );
}

/** What it is called for everybody. */
export function RenameRoom({ room, onClose }: Closing & { readonly room: BareJid }) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const name = useText(chat?.name);
  return (
    <FormDialog
      title={text("rename-room--title", { name: chat?.name ?? room })}
      lead={text("rename-room--lead")}
      confirm={text("rename-room--confirm")}
      busyLabel={text("rename-room--busy")}
      about={room}
      act={() => renameRoom(app, room, name.peek())}
      onClose={onClose}
    >
      {(failure, note) => (
        <Field
          label={text("create-room--name")}
          kind="name"
          value={name}
          focus={true}
          wrong={failure !== undefined}
          describedBy={note}
        />
      )}
    </FormDialog>
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
  const name = nameOf(room, useValue(app.chats));
  return (
    <FormDialog
      title={text("leave-room--title", { name })}
      lead={text("leave-room--what")}
      confirm={text("leave-room--confirm")}
      busyLabel={text("leave-room--busy")}
      about={room}
      bad={true}
      act={() => leaveRoom(app, room)}
      onClose={onClose}
    />
  );
}
