/** What can be done with a conversation, for the menu of its row and that of its head. */
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { text, type TextKey } from "../../i18n/menus.ts";
import type { App } from "../../model/app.ts";
import { actOnChat, type ChatAction, chatActionsOf } from "../../model/chat-actions.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { IconName } from "./icon.tsx";
import type { MenuItem } from "./menu.tsx";

const ENTRIES = {
  pin: { icon: "pin", label: "chat-act--pin" },
  unpin: { icon: "pin", label: "chat-act--unpin" },
  mute: { icon: "muted", label: "chat-act--mute" },
  unmute: { icon: "bell", label: "chat-act--unmute" },
  unread: { icon: "unread", label: "chat-act--unread" },
  read: { icon: "check", label: "chat-act--read" },
  archive: { icon: "archive", label: "chat-act--archive" },
  name: { icon: "name", label: "chat-act--name" },
  unarchive: { icon: "archive", label: "chat-act--unarchive" },
} as const satisfies Record<ChatAction, { readonly icon: IconName; readonly label: TextKey }>;

export function chatItems(app: App, chat: ChatSummary): readonly MenuItem[] {
  return chatActionsOf(chat, app.list.clock.peek()).map((action) => ({
    icon: ENTRIES[action].icon,
    label: text(ENTRIES[action].label),
    act: () => drop(actOnChat(app, chat, action)),
  }));
}
