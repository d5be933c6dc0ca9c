import type { Time } from "../../../worker/contract/names.ts";
import { plural, text } from "../../i18n/text.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { draftOf, isAway, isContact, pictureOf, previewOf, type ShownChat } from "../../model/chats.ts";
import { countText, fullTime, rowTime } from "../../model/format.ts";
import { typingWords } from "../../model/typing.ts";
import { useTyping } from "../hooks/use-typing.ts";
import { memo } from "../hooks/memo.ts";
import { useApp } from "../hooks/use-app.ts";
import { Avatar } from "../parts/avatar.tsx";
import { AlikeAddress, Name } from "../parts/alike.tsx";
import { Ticks } from "../parts/ticks.tsx";

type Properties = {
  readonly chat: ShownChat;
  readonly now: Time;
  readonly selected: boolean;
  readonly stop: boolean;
};

function Mark({ chat }: { readonly chat: ChatSummary }) {
  if (chat.relation === "request") return <span class="row-mark">{text("list--mark-request")}</span>;
  if (chat.relation === "stranger" && chat.unread > 0)
    return <span class="row-mark">{text("list--mark-stranger")}</span>;
  return null;
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
export const ChatRow = memo(({ chat, now, selected, stop }: Properties) => {
  const app = useApp();
  const { last } = chat;
  // Of the one that is open it stands in the composer.
  const draft = selected ? undefined : draftOf(chat);
  const open = () => app.go({ screen: "chats", chat: chat.jid });
  return (
    <div
      class={chat.unread > 0 ? "row row-unread" : "row"}
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
          {chat.unread > 0 ? (
            <span class="badge" role="img" aria-label={plural("list--unread", chat.unread)}>
              {countText(chat.unread)}
            </span>
          ) : undefined}
        </span>
      </span>
    </div>
  );
});
