import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { plural, text } from "../../i18n/text.ts";
import type { ChatSummary, RoomSummary } from "../../engine/protocol/conversations.ts";
import { calledName } from "../../model/chats.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { enterOrAsk } from "../../model/room-actions.ts";
import { Why } from "../parts/why.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";
import { NoWriting, WriteInClear } from "../parts/no-writing.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Composer } from "./composer.tsx";
import { CheckAgain, Exposed } from "./no-encryption.tsx";

type Properties = { readonly chat: ChatSummary; readonly room: RoomSummary };

/** In place of the composer: what is written here would not be encrypted, or nobody could read it. */
function Stopped({ chat, room }: Properties) {
  const app = useApp();
  const lost = chat.encryption === "blocked";
  // With nobody else in it there is nobody to write to in clear either.
  const offered = lost || room.people > 1;
  const invite = () => {
    app.dialog.value = { kind: "invite", room: chat.jid };
  };
  return (
    <NoWriting
      icon="lock-open"
      title={text(lost ? "room-blocked--title" : "room-nobody--title", { name: calledName(chat) })}
      stopped={chat.encryption}
      actions={
        <>
          {offered ? <WriteInClear chat={chat.jid} /> : undefined}
          <CheckAgain chat={chat} look={offered ? "button" : "button button-quiet"} />
          {offered ? undefined : (
            <button type="button" class="button" onClick={invite}>
              {text("room--invite")}
            </button>
          )}
        </>
      }
    >
      <p>{text(lost ? "room-blocked--text" : "room-nobody--text")}</p>
    </NoWriting>
  );
}

/** In place of the composer: nobody has told who would have to be able to read it. */
function Unlisted({ chat, room }: Properties) {
  const app = useApp();
  const others = room.people - 1;
  return (
    <NoWriting
      icon="lock-open"
      title={text("room-unlisted--title", { name: chat.name })}
      stopped={chat.encryption}
      actions={
        <>
          {others > 0 ? (
            <button
              type="button"
              class="button button-quiet"
              onClick={() => drop(app.engine.writeToKnown({ chat: chat.jid }))}
            >
              {plural("room-unlisted--write", others)}
            </button>
          ) : undefined}
          <CheckAgain chat={chat} look="button" />
        </>
      }
    >
      <p>{text("room-unlisted--text")}</p>
    </NoWriting>
  );
}

/** We are not in it: why, and the way back. */
function Left({ chat, room }: Properties) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const enter = async () => {
    setBusy(true);
    setFailure(await enterOrAsk(app, chat.jid));
    setBusy(false);
  };
  return (
    <NoWriting
      icon="leave"
      title={text("room--left")}
      actions={
        <button type="button" class="button" disabled={busy} onClick={() => drop(enter())}>
          {text("room--enter")}
        </button>
      }
    >
      {room.failure === undefined || failure !== undefined ? undefined : (
        <p>
          <Why failure={room.failure} address={chat.jid} />
        </p>
      )}
      <FailureNote failure={failure} address={chat.jid} />
    </NoWriting>
  );
}

/** Where something is written into a room, or why nothing can be. */
export function RoomWriting({ chat, room }: Properties) {
  const app = useApp();
  if (useValue(app.connection).encryption === "behind" || room.state === "invited") return null;
  if (room.state === "left") return <Left chat={chat} room={room} />;
  const { encryption } = chat;
  if (encryption === "blocked" || encryption === "unavailable") return <Stopped chat={chat} room={room} />;
  if (encryption === "unlisted") return <Unlisted chat={chat} room={room} />;
  const clear = encryption === "open" || encryption === "exposed";
  return (
    <>
      {encryption === "exposed" ? <Exposed chat={chat} /> : undefined}
      {encryption === "unknown" ? (
        <p class="exposed" role="status">
          <span>{text("room--unknown-line")}</span>
        </p>
      ) : undefined}
      {encryption === "open" ? (
        <p class="exposed" role="status">
          <Icon name="lock-open" />
          <span>{text("room--open-line")}</span>
        </p>
      ) : undefined}
      <Composer conversation={app.conversation(chat.jid)} name={calledName(chat)} encrypted={!clear} inRoom />
    </>
  );
}
