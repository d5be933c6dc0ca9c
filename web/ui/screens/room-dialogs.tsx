import { type Signal, signal } from "@preact/signals-core";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { BareJid, Failure } from "../../../worker/contract.ts";
import { text } from "../../i18n/text.ts";
import { drop } from "../../engine/drop.ts";
import { proposedAddress } from "../../model/room.ts";
import { enterRoom, inviteTo, leaveRoom, roomServiceOf } from "../../model/room-actions.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { useApp } from "../use-app.ts";
import { useValue } from "../use-value.ts";

type Closing = { readonly onClose: () => void };

type Form = Closing & {
  readonly title: string;
  readonly lead: string;
  readonly confirm: string;
  readonly busyLabel: string;
  /** What a failure is about. */
  readonly about: string;
  readonly bad?: boolean;
  readonly act: () => Promise<Failure | undefined>;
  readonly children?: (failure: Failure | undefined, note: string) => ComponentChildren;
};

/** A question, what it needs to know, and what went wrong when it was tried. */
function RoomForm({ title, lead, confirm, busyLabel, about, bad = false, act, onClose, children }: Form) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const note = useId();
  const run = async () => {
    setBusy(true);
    setFailure(undefined);
    setFailure(await act());
    setBusy(false);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          drop(run());
        }}
      >
        <p>{lead}</p>
        {children?.(failure, note)}
        <FailureNote id={note} failure={failure} address={about} />
        <div class="dialog-actions">
          <button type="button" class="button button-quiet" autofocus={bad} onClick={onClose}>
            {text("dialog--cancel")}
          </button>
          <button type="submit" class={bad ? "button button-bad" : "button"} disabled={busy}>
            {busy ? busyLabel : confirm}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

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
    <RoomForm
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
    </RoomForm>
  );
}

export function JoinRoom({ onClose }: Closing) {
  const app = useApp();
  const address = useText();
  return (
    <RoomForm
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
    </RoomForm>
  );
}

/** Somebody becomes a member, and is asked in. */
export function InviteToRoom({ room, onClose }: Closing & { readonly room: BareJid }) {
  const app = useApp();
  const name = useValue(app.chats).get(room)?.name ?? room;
  const address = useText();
  return (
    <RoomForm
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
    </RoomForm>
  );
}

export function LeaveRoom({ room, onClose }: Closing & { readonly room: BareJid }) {
  const app = useApp();
  const name = useValue(app.chats).get(room)?.name ?? room;
  return (
    <RoomForm
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
