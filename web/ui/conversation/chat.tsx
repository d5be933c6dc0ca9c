import { computed, type ReadonlySignal } from "@preact/signals-core";
import { useMemo } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/text.ts";
import {
  type ChatSummary,
  type Encryption,
  NOTHING_READ,
  type RoomSummary,
} from "../../engine/protocol/conversations.ts";
import type { App } from "../../model/app.ts";
import { calledName, type ShownChat, steadyChat } from "../../model/chats.ts";
import { ConnectionLine } from "../parts/connection-line.tsx";
import { Icon } from "../parts/icon.tsx";
import { Banner, NoticesBanner } from "../parts/banner.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { ChatHeader } from "./chat-header.tsx";
import { FetchedPart } from "../parts/fetched.tsx";
import { Composer } from "./composer.tsx";
import { menus } from "./later-menus.ts";
import { Exposed } from "./no-encryption.tsx";
import { RoomHeader } from "./room-header.tsx";
import { RoomWriting } from "./room-writing.tsx";
import { Timeline } from "./timeline.tsx";

function Writing({ chat, encryption }: { readonly chat: ChatSummary; readonly encryption: Encryption }) {
  const app = useApp();
  // What this browser may still do is read; the notice above says why.
  if (useValue(app.connection).encryption === "behind") return null;
  if (encryption === "unavailable") return <Banner>{({ Stopped }) => <Stopped chat={chat} />}</Banner>;
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

/** Whether anything is to be said about a room above its messages (`room-notices.tsx`). */
function hasNotices({ invitedBy, state, unlisted, unable, changed, undecided, newcomers }: RoomSummary): boolean {
  if (invitedBy !== undefined || state === "joining") return true;
  const lists = [unable, changed, undecided, newcomers];
  return state !== "left" && (unlisted === true || lists.some(({ length }) => length > 0));
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

/** As `app.chats` has it, and the same object for as long as what is drawn here is the same. */
function steady(app: App, jid: BareJid): ReadonlySignal<ShownChat | undefined> {
  let shown: ShownChat | undefined;
  return computed(() => {
    shown = steadyChat(shown, app.chats.value.get(jid));
    return shown;
  });
}

/** One conversation. */
export function ChatScreen({ chat: jid }: { readonly chat: BareJid }) {
  const app = useApp();
  const chat = useValue(useMemo(() => steady(app, jid), [app, jid])) ?? placeholder(jid);
  const { room } = chat;
  const conversation = app.conversation(jid);
  const choosing = useValue(conversation.chosen) !== undefined;
  return (
    <main class="pane" aria-label={text("chat--label", { name: calledName(chat) })}>
      {room === undefined ? <ChatHeader chat={chat} /> : <RoomHeader chat={chat} room={room} />}
      <div class="pane-connection">
        <ConnectionLine />
      </div>
      <NoticesBanner />
      {room === undefined ? (
        <>
          {chat.relation === "contact" ? undefined : <Banner>{({ Relation }) => <Relation chat={chat} />}</Banner>}
          {chat.trust === undefined ? undefined : <Banner>{({ TrustBanner }) => <TrustBanner chat={chat} />}</Banner>}
        </>
      ) : hasNotices(room) ? (
        <Banner>{({ RoomNotices }) => <RoomNotices chat={chat} room={room} />}</Banner>
      ) : undefined}
      <Timeline conversation={conversation} chat={chat} />
      {choosing ? (
        <FetchedPart later={menus}>{({ SelectionBar }) => <SelectionBar {...{ conversation, chat }} />}</FetchedPart>
      ) : room === undefined ? (
        <Writing chat={chat} encryption={chat.encryption} />
      ) : (
        <RoomWriting chat={chat} room={room} />
      )}
    </main>
  );
}
