import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/text.ts";
import { type ChatSummary, type Encryption, NOTHING_READ } from "../../engine/protocol/conversations.ts";
import { calledName } from "../../model/chats.ts";
import { ConnectionLine } from "../parts/connection-line.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notices } from "../parts/notices.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { ChatHeader } from "./chat-header.tsx";
import { Composer } from "./composer.tsx";
import { Exposed, Unavailable } from "./no-encryption.tsx";
import { RoomHeader } from "./room-header.tsx";
import { RoomNotices } from "./room-notices.tsx";
import { RoomWriting } from "./room-writing.tsx";
import { Relation } from "./relation.tsx";
import { Timeline } from "./timeline.tsx";
import { TrustBanner } from "./trust-banner.tsx";

function Writing({ chat, encryption }: { readonly chat: ChatSummary; readonly encryption: Encryption }) {
  const app = useApp();
  // What this browser may still do is read; the notice above says why.
  if (useValue(app.connection).encryption === "behind") return null;
  if (encryption === "unavailable") return <Unavailable chat={chat} />;
  return (
    <>
      {encryption === "exposed" ? <Exposed chat={chat} /> : undefined}
      {encryption === "notes" ? (
        <p class="exposed" role="status">
          <Icon name="lock" />
          <span>{text("notes--line")}</span>
        </p>
      ) : undefined}
      <Composer
        conversation={app.conversation(chat.jid)}
        name={calledName(chat)}
        encrypted={encryption !== "exposed"}
      />
    </>
  );
}

/** Before the engine has told about a conversation there is only its address. */
function placeholder(chat: BareJid): ChatSummary {
  return {
    jid: chat,
    name: chat,
    relation: "contact",
    available: false,
    encryption: "checking",
    unread: 0,
    readTo: NOTHING_READ,
  };
}

/** One conversation. */
export function ChatScreen({ chat: jid }: { readonly chat: BareJid }) {
  const app = useApp();
  const chat = useValue(app.chats).get(jid) ?? placeholder(jid);
  const { room } = chat;
  return (
    <main class="pane" aria-label={text("chat--label", { name: calledName(chat) })}>
      {room === undefined ? <ChatHeader chat={chat} /> : <RoomHeader chat={chat} room={room} />}
      <div class="pane-connection">
        <ConnectionLine />
      </div>
      <Notices />
      {room === undefined ? (
        <>
          <Relation chat={chat} />
          <TrustBanner chat={chat} />
        </>
      ) : (
        <RoomNotices chat={chat} room={room} />
      )}
      <Timeline conversation={app.conversation(jid)} chat={chat} />
      {room === undefined ? (
        <Writing chat={chat} encryption={chat.encryption} />
      ) : (
        <RoomWriting chat={chat} room={room} />
      )}
    </main>
  );
}
