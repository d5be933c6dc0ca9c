import { type Signal, signal } from "@preact/signals-core";
import { useEffect, useState } from "preact/hooks";
import type { BareJid } from "../../../worker/contract.ts";
import { text } from "../../i18n/text.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { nameOf, proposedAddress } from "../../model/room.ts";
import { enterRoom, inviteTo, leaveRoom, roomServiceOf } from "../../model/room-actions.ts";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

type Closing = { readonly onClose: () => void };

const useText = (): Signal<string> => useState(() => signal(""))[0];

/** A room for members alone. Its address follows the name until somebody writes another one. */
export function CreateRoom({ onClose }: Closing) {
  const app = useApp();
  const account = useValue(app.account);
  const name = useText();
  const address = useText();
  const [service, setService] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (account !== undefined) drop(roomServiceOf(app, account).then(setService));
  }, [app, account]);
  const written = useValue(name);
  const proposed = service === undefined ? "" : proposedAddress(written, service);
  const [followed, setFollowed] = useState("");
  if (address.peek() === followed && followed !== proposed) {
    address.value = proposed;
    setFollowed(proposed);
  }
  return (
    <FormDialog
      title={text("create-room--title")}
      lead={text("create-room--lead")}
      confirm={text("create-room--confirm")}
      busyLabel={text("create-room--busy")}
      about={useValue(address)}
      act={() => enterRoom(app, address.peek())}
      onClose={onClose}
    >
      {(failure, note) => (
        <>
          <Field
            label={text("create-room--name")}
            kind="name"
            value={name}
            placeholder={text("create-room--name-hint")}
            focus={true}
          />
          <Field
            label={text("create-room--address")}
            kind="new-address"
            value={address}
            placeholder={text("join-room--address-hint")}
            wrong={failure !== undefined}
            describedBy={note}
          />
        </>
      )}
    </FormDialog>
  );
}

export function JoinRoom({ onClose }: Closing) {
  const app = useApp();
  const address = useText();
  return (
    <FormDialog
      title={text("join-room--title")}
      lead={text("join-room--lead")}
      confirm={text("join-room--confirm")}
      busyLabel={text("join-room--busy")}
      about={useValue(address)}
      act={() => enterRoom(app, address.peek())}
      onClose={onClose}
    >
      {(failure, note) => (
        <Field
          label={text("create-room--address")}
          kind="new-address"
          value={address}
          placeholder={text("join-room--address-hint")}
          focus={true}
          wrong={failure !== undefined}
          describedBy={note}
        />
      )}
    </FormDialog>
  );
}

/** Somebody becomes a member, and is asked in. */
export function InviteToRoom({ room, onClose }: Closing & { readonly room: BareJid }) {
  const app = useApp();
  const name = nameOf(room, useValue(app.chats));
  const address = useText();
  return (
    <FormDialog
      title={text("invite--title", { name })}
      lead={text("invite--lead")}
      confirm={text("invite--confirm")}
      busyLabel={text("invite--busy")}
      about={useValue(address)}
      act={() => inviteTo(app, room, address.peek())}
      onClose={onClose}
    >
      {(failure, note) => (
        <Field
          label={text("sign-in--address")}
          kind="new-address"
          value={address}
          placeholder={text("sign-in--address-hint")}
          focus={true}
          wrong={failure !== undefined}
          describedBy={note}
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
