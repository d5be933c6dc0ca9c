import type { Time } from "../../../worker/contract/names.ts";
import { plural, text } from "../../i18n/text.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { isMarkedUnread, isMuted, isPinned } from "../../model/chat-choices.ts";
import { draftOf, isAway, isContact, pictureOf, previewOf, type ShownChat } from "../../model/chats.ts";
import { countText, fullTime, rowTime } from "../../model/format.ts";
import { typingWords } from "../../model/typing.ts";
import { useTyping } from "../hooks/use-typing.ts";
import { memo } from "../hooks/memo.ts";
import { useApp } from "../hooks/use-app.ts";
import { Avatar } from "../parts/avatar.tsx";
import { AlikeAddress, Name } from "../parts/alike.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Ticks } from "../parts/ticks.tsx";

type Properties = {
  readonly chat: ShownChat;
  readonly now: Time;
  /** When a silence ended last. */
  readonly clock: Time;
  readonly selected: boolean;
  readonly stop: boolean;
};

function Mark({ chat }: { readonly chat: ChatSummary }) {
  if (chat.relation === "request") return <span class="row-mark">{text("list--mark-request")}</span>;
  if (chat.relation === "stranger" && chat.unread > 0)
    return <span class="row-mark">{text("list--mark-stranger")}</span>;
  return null;
}

/** A choice, by its shape. */
function Sign({ icon, words }: { readonly icon: IconName; readonly words: string }) {
  return (
    <span class="row-sign" role="img" aria-label={words} title={words}>
      <Icon name={icon} />
    </span>
  );
}

/** How much is unread; a dot where the person wants to come back. */
function Badges({ chat }: { readonly chat: ChatSummary }) {
  const { unread, mentions = 0 } = chat;
  if (unread === 0 && !isMarkedUnread(chat)) return null;
  return (
    <>
      {mentions > 0 && unread > 0 ? (
        <span class="badge badge-mention" role="img" aria-label={plural("list--mentions", mentions)}>
          @
        </span>
      ) : undefined}
      <span
        class={unread > 0 ? "badge" : "badge badge-dot"}
        role="img"
        aria-label={unread > 0 ? plural("list--unread", unread) : text("list--marked")}
      >
        {unread > 0 ? countText(unread) : undefined}
      </span>
    </>
  );
}

/** In the place of what was said last. */
function Typing({ chat }: { readonly chat: ChatSummary }) {
  const words = typingWords(useTyping(chat.jid), chat.name);
  if (words === undefined) return null;
  return (
    <span class="row-preview row-typing">
      <bdi>{chat.room === undefined ? text("typing--here") : words}</bdi>
    </span>
  );
}

/** One conversation: who, the newest words, when, and how much of it is unread. */
export const ChatRow = memo(({ chat, now, clock, selected, stop }: Properties) => {
  const app = useApp();
  const { last } = chat;
  // Of the one that is open it stands in the composer.
  const draft = selected ? undefined : draftOf(chat);
  const muted = isMuted(chat, clock);
  const open = () => app.go({ screen: "chats", chat: chat.jid });
  return (
    <div
      class={`row${chat.unread > 0 || isMarkedUnread(chat) ? " row-unread" : ""}${muted ? " row-muted" : ""}`}
      role="option"
      aria-selected={selected}
      tabIndex={stop ? 0 : -1}
      data-jid={chat.jid}
      data-name={chat.name}
      data-relation={chat.relation}
      data-unread={chat.unread}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        open();
      }}
    >
      <Avatar
        jid={chat.jid}
        name={chat.name}
        available={chat.available}
        away={isAway(chat)}
        picture={pictureOf(chat)}
        known={isContact(chat)}
        room={chat.room !== undefined}
      />
      <span class="row-words">
        <span class="row-line">
          <b>
            <Name chat={chat} />
          </b>
          {muted ? <Sign icon="muted" words={text("list--muted")} /> : undefined}
          {last === undefined ? undefined : (
            <time dir="auto" dateTime={new Date(last.at).toISOString()} title={fullTime(last.at)}>
              {rowTime(last.at, now)}
            </time>
          )}
        </span>
        <span class="row-line">
          <Typing chat={chat} />
          <span class={draft === undefined && last?.body.kind === "reason" ? "row-preview row-quiet" : "row-preview"}>
            {draft === undefined ? undefined : <span class="row-draft">{text("list--draft")}</span>}
            {draft !== undefined || last?.state === undefined ? undefined : <Ticks state={last.state} />}
            {chat.alike === true ? <AlikeAddress chat={chat} /> : undefined}
            <bdi>{draft ?? previewOf(chat)}</bdi>
          </span>
          <Mark chat={chat} />
          {isPinned(chat) ? <Sign icon="pin" words={text("list--pinned")} /> : undefined}
          <Badges chat={chat} />
        </span>
      </span>
    </div>
  );
});
