import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract.ts";
import { text } from "../../i18n/text.ts";
import type { ChatSummary, RoomSummary } from "../../engine/protocol.ts";
import { drop } from "../../engine/drop.ts";
import { failureText } from "../../model/failures.ts";
import { enterRoom } from "../../model/room-actions.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";
import { useApp } from "../use-app.ts";
import { useValue } from "../use-value.ts";
import { Composer } from "./composer.tsx";
import { CheckAgain, Exposed } from "./no-encryption.tsx";

type Properties = { readonly chat: ChatSummary; readonly room: RoomSummary };

/** In place of the composer: what is written here would not be encrypted, or nobody could read it. */
function Stopped({ chat, room }: Properties) {
  const app = useApp();
  const lost = chat.encryption === "blocked";
  // With nobody else in it there is nobody to write to in clear either.
  const offered = lost || room.people > 1;
  return (
    <section class="unavailable" data-stopped={chat.encryption}>
      <Icon name="lock-open" />
      <div class="unavailable-words">
        <b>{text(lost ? "room-blocked--title" : "room-nobody--title", { name: chat.name })}</b>
        <p>{text(lost ? "room-blocked--text" : "room-nobody--text")}</p>
      </div>
      <div class="unavailable-actions">
        {offered ? (
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              app.dialog.value = { kind: "expose", chat: chat.jid };
            }}
          >
            {text("unavailable--expose")}
          </button>
        ) : (
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              app.dialog.value = { kind: "invite", room: chat.jid };
            }}
          >
            {text("room--invite")}
          </button>
        )}
        <CheckAgain chat={chat} quiet={false} />
      </div>
    </section>
  );
}

/** We are not in it: why, and the way back. */
function Left({ chat, room }: Properties) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const enter = async () => {
    setBusy(true);
    setFailure(await enterRoom(app, chat.jid));
    setBusy(false);
  };
  return (
    <section class="unavailable">
      <Icon name="leave" />
      <div class="unavailable-words">
        <b>{text("room--left")}</b>
        {room.failure === undefined || failure !== undefined ? undefined : <p>{failureText(room.failure, chat.jid)}</p>}
        <FailureNote failure={failure} address={chat.jid} />
      </div>
      <div class="unavailable-actions">
        <button type="button" class="button" disabled={busy} onClick={() => drop(enter())}>
          {text("room--enter")}
        </button>
      </div>
    </section>
  );
}

/** Where something is written into a room, or why nothing can be. */
export function RoomWriting({ chat, room }: Properties) {
  const app = useApp();
  if (useValue(app.connection).encryption === "behind" || room.state === "invited") return null;
  if (room.state === "left") return <Left chat={chat} room={room} />;
  const { encryption } = chat;
  if (encryption === "blocked" || encryption === "unavailable") return <Stopped chat={chat} room={room} />;
  const clear = encryption === "open" || encryption === "exposed";
  return (
    <>
      {encryption === "exposed" ? <Exposed chat={chat} /> : undefined}
      {encryption === "open" ? (
        <p class="exposed" role="status">
          <Icon name="lock-open" />
          <span>{text("room--open-line")}</span>
        </p>
      ) : undefined}
      <Composer conversation={app.conversation(chat.jid)} name={chat.name} encrypted={!clear} />
    </>
  );
}
