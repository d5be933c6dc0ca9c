/** Why nothing can be written: fetched when it is wanted (`aside.tsx`). */
import { plural, text } from "../../i18n/aside.ts";
import type { ChatSummary, RoomSummary } from "../../engine/protocol/conversations.ts";
import { calledName } from "../../model/chats.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { addressText } from "../../words/names.ts";
import { domainOf } from "../../../worker/shared/jid.ts";
import { NoWriting, WriteInClear } from "../parts/no-writing.tsx";
import { useApp } from "../hooks/use-app.ts";
import { CheckAgain } from "./no-encryption.tsx";

type InRoom = { readonly chat: ChatSummary; readonly room: RoomSummary };

/** In place of the composer: nothing that is written here would arrive, encrypted or not. */
function Nobody({ chat, absent }: { readonly chat: ChatSummary; readonly absent: "account" | "server" }) {
  const address = addressText(chat.jid);
  return (
    <NoWriting
      icon="alert"
      stopped="absent"
      title={text(`absent--${absent}-title`, { address, domain: domainOf(chat.jid) })}
      actions={<CheckAgain chat={chat} look="button" />}
    >
      <p>{text(`absent--${absent}-text`)}</p>
    </NoWriting>
  );
}

/** In place of the composer: nothing is sent in clear unless the person asks for it. */
export function Stopped({ chat }: { readonly chat: ChatSummary }) {
  if (chat.absent !== undefined) return <Nobody chat={chat} absent={chat.absent} />;
  return (
    <NoWriting
      icon="lock-open"
      title={text("unavailable--title", { name: calledName(chat) })}
      actions={
        <>
          <WriteInClear chat={chat.jid} />
          <CheckAgain chat={chat} look="button" />
        </>
      }
    >
      <p>{text("unavailable--text")}</p>
    </NoWriting>
  );
}

/** In place of the composer: what is written here would not be encrypted, or nobody could read it. */
function NotEncrypted({ chat, room }: InRoom) {
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
function Unlisted({ chat, room }: InRoom) {
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

/** The same in a room. */
export function StoppedRoom({ chat, room }: InRoom) {
  return chat.encryption === "unlisted" ? (
    <Unlisted chat={chat} room={room} />
  ) : (
    <NotEncrypted chat={chat} room={room} />
  );
}
