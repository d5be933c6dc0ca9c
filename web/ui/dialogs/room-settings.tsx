import { type Signal, signal } from "@preact/signals-core";
import { useEffect, useState } from "preact/hooks";
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Banned } from "../../../worker/contract/rooms.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { calledName, nameOf, pictureOf } from "../../model/chats.ts";
import { destroyRoom, setRoomPassword, setTopic } from "../../model/room-running.ts";
import { addressText } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { NameDialog } from "../parts/name-dialog.tsx";
import { RowShapes } from "../parts/shapes.tsx";
import { PictureChoice } from "../parts/picture-choice.tsx";
import { settle } from "../../model/asking.ts";

type Properties = { readonly room: BareJid; readonly onClose: () => void };

const useText = (text = ""): Signal<string> => useState(() => signal(text))[0];

/** What the room is about. */
export function RoomTopic({ room, onClose }: Properties) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const topic = useText(chat?.room?.subject);
  return (
    <NameDialog
      title={text("room-topic--title", { name: nameOf(room, app.chats.peek()) })}
      lead={text("room-topic--lead")}
      confirm={text("room-topic--confirm")}
      busyLabel={text("profile--busy")}
      about={room}
      act={() => setTopic(app, room, topic.peek())}
      onClose={onClose}
      label={text("room-topic--label")}
      value={topic}
    />
  );
}

/** What whoever enters is asked for. */
export function RoomPassword({ room, onClose }: Properties) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const password = useText();
  const locked = chat?.room?.about?.locked === true;
  const [lifted, setLifted] = useState<Failure | undefined>(undefined);
  return (
    <FormDialog
      title={text("room-password--title", { name: nameOf(room, app.chats.peek()) })}
      lead={text(locked ? "room-password--lead-locked" : "room-password--lead")}
      confirm={text(locked ? "room-password--change" : "room-password--set")}
      busyLabel={text("profile--busy")}
      about={room}
      failed={lifted}
      act={() => setRoomPassword(app, room, password.peek())}
      onClose={onClose}
      others={
        locked ? (
          <div class="dialog-others">
            <button
              type="button"
              class="link"
              onClick={() =>
                drop(
                  settle(app, app.engine.ask({ call: "setRoomPassword", about: { jid: room, password: "" } })).then(
                    setLifted,
                  ),
                )
              }
            >
              {text("room-password--lift")}
            </button>
            <FailureNote failure={lifted} address={room} />
          </div>
        ) : undefined
      }
    >
      {(failure, note) => (
        <Field
          label={text("join-room--password")}
          kind="password"
          value={password}
          focus={true}
          wrong={failure !== undefined}
          describedBy={note}
        />
      )}
    </FormDialog>
  );
}

/** How it looks, for everybody. `tried`: why the one that was chosen while it was made is not there. */
export function RoomPicture({ room, tried, onClose }: Properties & { readonly tried?: Failure | undefined }) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const name = chat?.name ?? addressText(room);
  return (
    <Dialog title={text("room-picture--title", { name: nameOf(room, app.chats.peek()) })} onClose={onClose}>
      <p>{text("room-picture--lead")}</p>
      <PictureChoice
        avatar={<Avatar jid={room} name={name} room={true} picture={chat && pictureOf(chat)} />}
        picture={chat?.picture}
        room={true}
        about={room}
        failed={tried}
        publish={async (picture) => {
          const about = { jid: room, ...(picture && { picture }) };
          const answer = await app.engine.ask({ call: "setRoomPicture", about });
          return answer.ok ? undefined : answer.error;
        }}
      />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text("message-info--close")}
        </button>
      </div>
    </Dialog>
  );
}

/** Whom the room lets in no more, each of them let in again by a press. */
export function BannedPeople({ room, onClose }: Properties) {
  const app = useApp();
  const chats = useValue(app.chats);
  const [answer, setAnswer] = useState<Result<{ readonly banned: readonly Banned[] }> | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const load = async () => setAnswer(await app.engine.ask({ call: "banned", about: { jid: room } }));
  useEffect(() => drop(load()), [room]);
  const allow = async (jid: BareJid) => {
    const lifted = await app.engine.ask({ call: "affiliate", about: { room, jid, affiliation: "none" } });
    setFailure(lifted.ok ? undefined : lifted.error);
    await load();
  };
  const people = answer?.ok ? answer.value.banned : [];
  return (
    <Dialog title={text("room-banned--title", { name: nameOf(room, chats) })} onClose={onClose}>
      <p>{text(answer?.ok && people.length === 0 ? "room-banned--none" : "room-banned--lead")}</p>
      {answer === undefined ? <RowShapes /> : undefined}
      <ul class="banned-list" aria-label={text("room--banned")}>
        {people.map(({ jid, reason }) => (
          <li key={jid} data-jid={jid}>
            <span class="device-words">
              <bdi class="device-name">{nameOf(jid, chats)}</bdi>
              {reason === undefined ? undefined : <bdi>{reason}</bdi>}
            </span>
            <button type="button" class="button button-quiet" onClick={() => drop(allow(jid))}>
              {text("room-banned--allow")}
            </button>
          </li>
        ))}
      </ul>
      <FailureNote failure={failure ?? (answer?.ok === false ? answer.error : undefined)} address={room} />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text("message-info--close")}
        </button>
      </div>
    </Dialog>
  );
}

/** Closes it for everybody, for good. */
export function DestroyRoom({ room, onClose }: Properties) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const [reason, instead] = [useText(), useText()];
  return (
    <FormDialog
      title={text("destroy-room--title", { name: chat === undefined ? addressText(room) : calledName(chat) })}
      lead={text("destroy-room--lead")}
      confirm={text("destroy-room--confirm")}
      busyLabel={text("destroy-room--busy")}
      about={useValue(instead)}
      bad={true}
      act={() => destroyRoom(app, room, { reason: reason.peek(), instead: instead.peek() })}
      onClose={onClose}
    >
      {(failure, note) => (
        <>
          <Field label={text("room-act--reason")} kind="name" value={reason} />
          <Field
            label={text("destroy-room--instead")}
            kind="new-address"
            value={instead}
            placeholder={text("join-room--address-hint")}
            wrong={failure?.kind === "address-invalid"}
            describedBy={note}
          />
        </>
      )}
    </FormDialog>
  );
}
