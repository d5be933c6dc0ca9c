import { text } from "../../i18n/text.ts";
import type { ChatSummary, RoomSummary } from "../../engine/protocol/conversations.ts";
import { calledName } from "../../model/chats.ts";
import { Banner } from "../parts/banner.tsx";
import { Icon } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Composer } from "./composer.tsx";
import { Exposed } from "./no-encryption.tsx";

type Properties = { readonly chat: ChatSummary; readonly room: RoomSummary };

/** Where something is written into a room, or why nothing can be. */
export function RoomWriting({ chat, room }: Properties) {
  const app = useApp();
  if (useValue(app.connection).encryption === "behind" || room.state === "invited") return null;
  if (room.state === "left") return <Banner>{({ LeftRoom }) => <LeftRoom chat={chat} room={room} />}</Banner>;
  const { encryption } = chat;
  if (encryption === "blocked" || encryption === "unavailable" || encryption === "unlisted")
    return <Banner>{({ StoppedRoom }) => <StoppedRoom chat={chat} room={room} />}</Banner>;
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
