import type { App } from "../../model/app.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import type { ShownItem } from "../../model/conversation/corrections.ts";
import { selectionOf } from "../../model/conversation/selection.ts";
import { actionsOf, canReact, type MessageAction, QUICK_REACTIONS } from "../../model/conversation/menu-actions.ts";
import type { Writable } from "../../model/conversation/message-actions.ts";
import type { DialogView } from "../../model/places.ts";
import { plainWords } from "../../model/message-words.ts";
import { offersReactions, react } from "../../model/reacting.ts";
import type { Point } from "../../model/menu-place.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { text, type TextKey } from "../../i18n/menus.ts";
import { FloatingMenu } from "../parts/floating-menu.tsx";
import type { IconName } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";
import { copyText } from "../page/clipboard.ts";

/** The menu of a message that is open: whose, where, and what gets the focus back. */
export type OpenMenu = { readonly item: ShownItem; readonly at: Point; readonly opener: HTMLElement };

const ENTRIES = {
  answer: { icon: "reply", label: "message--answer" },
  whisper: { icon: "reply", label: "message--whisper" },
  edit: { icon: "pencil", label: "message--edit" },
  copy: { icon: "copy", label: "message--copy" },
  forward: { icon: "forward", label: "message--forward" },
  forget: { icon: "close", label: "message--forget" },
  select: { icon: "check", label: "message--select" },
  info: { icon: "info", label: "message--info" },
  delete: { icon: "bin", label: "message--delete-for-all" },
  moderate: { icon: "bin", label: "message--moderate" },
} as const satisfies Record<MessageAction, { readonly icon: IconName; readonly label: TextKey }>;

type Properties = {
  readonly menu: OpenMenu;
  readonly conversation: Conversation;
  readonly writable: Writable;
  /** More emoji are wanted to react with. */
  readonly onMore: (react: (emoji: string) => void) => void;
  readonly onClose: () => void;
};

/** What can be done with one message. */
export function MessageMenu({ menu: { item, at, opener }, conversation, writable, onMore, onClose }: Properties) {
  const app = useApp();
  const room = app.chats.peek().get(item.chat)?.room;
  const moderates = room?.rank?.role === "moderator" && room.about?.offers?.includes("moderation") === true;
  const items = actionsOf(item, writable, moderates).map((action) => ({
    icon: ENTRIES[action].icon,
    label: text(ENTRIES[action].label),
    act: () => perform(app, conversation, item, action),
  }));
  const own = item.reactions?.find((one) => one.own)?.emojis ?? [];
  const choices = QUICK_REACTIONS.map((emoji) => ({
    label: emoji,
    chosen: own.includes(emoji),
    act: () => react(app, item, emoji),
  }));
  const more = { label: text("emoji--more"), act: () => onMore((emoji) => react(app, item, emoji)) };
  return (
    <FloatingMenu
      label={text("message--actions")}
      items={items}
      {...(canReact(item, writable) && offersReactions(app, item) && { choices, more })}
      at={at}
      opener={opener}
      onClose={onClose}
    />
  );
}

/** To whoever it was from, or for. */
function whisperTo({ chat, author, outgoing }: ShownItem, { nick, id }: NonNullable<ShownItem["whisper"]>): DialogView {
  const jid = outgoing ? undefined : author?.jid;
  return { kind: "whisper", room: chat, nick, ...(id !== undefined && { occupant: id }), ...(jid && { jid }) };
}

function perform(app: App, conversation: Conversation, item: ShownItem, action: MessageAction): void {
  const { writing } = conversation;
  switch (action) {
    case "answer":
      writing.answer(item);
      return;
    case "whisper":
      if (item.whisper) app.dialog.value = whisperTo(item, item.whisper);
      return;
    case "edit":
      writing.edit(item);
      return;
    case "copy":
      if (item.body.kind === "text") drop(copyText(app, plainWords(item.body.text)));
      return;
    case "forward":
      app.dialog.value = { kind: "forward", items: [item] };
      return;
    case "select":
      selectionOf(conversation).toggle(item);
      return;
    case "forget":
      app.dialog.value = { kind: "forget-message", item };
      return;
    case "info":
      app.dialog.value = { kind: "message-info", item };
      return;
    case "delete":
      app.dialog.value = { kind: "delete-message", item };
      return;
    case "moderate":
      app.dialog.value = { kind: "moderate", item };
      return;
    default:
      missingCase(action);
  }
}
