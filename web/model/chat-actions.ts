/** What a person can do with a conversation of the list. What they choose is so in all their browsers. */
import type { Time } from "../../worker/contract/names.ts";
import type { ChatSummary } from "../engine/protocol/conversations.ts";
import type { App } from "./app.ts";
import { isArchived, isMarkedUnread, isMuted, isPinned, placeOf } from "./chat-choices.ts";

export type ChatAction = "pin" | "unpin" | "mute" | "unmute" | "unread" | "read" | "archive" | "unarchive" | "name";

/** In the order of the menu. What asks something of us is answered, not put away. */
export function chatActionsOf(chat: ChatSummary, now: Time): readonly ChatAction[] {
  const archived = isArchived(chat, now);
  const unread = chat.unread > 0 || isMarkedUnread(chat);
  if (chat.relation === "request") return [];
  return [
    ...(archived ? [] : ([isPinned(chat) ? "unpin" : "pin"] as const)),
    isMuted(chat, now) ? "unmute" : "mute",
    ...(unread || chat.last !== undefined ? ([unread ? "read" : "unread"] as const) : []),
    archived ? "unarchive" : "archive",
    "name",
  ];
}

/** Muting asks for how long. */
export function actOnChat(app: App, chat: ChatSummary, action: ChatAction): Promise<void> {
  const { jid } = chat;
  switch (action) {
    case "pin":
      return app.chooseOrSay({ chat: jid, name: "pinned", value: true });
    case "unpin":
      return app.chooseOrSay({ chat: jid, name: "pinned" });
    case "mute":
      app.dialog.value = { kind: "mute", jid };
      return Promise.resolve();
    case "unmute":
      return app.chooseOrSay({ chat: jid, name: "muted" });
    case "unread":
      return markUnread(app, chat);
    case "read":
      return markRead(app, chat);
    case "archive":
      return archive(app, chat);
    case "name":
      app.dialog.value = { kind: "own-name", jid };
      return Promise.resolve();
    case "unarchive":
      return app.chooseOrSay({ chat: jid, name: "archived" });
  }
}

/** It leaves the list, and what is seen of it with it. */
function archive(app: App, chat: ChatSummary): Promise<void> {
  if (app.openChat.peek() === chat.jid) app.go({ screen: "chats" });
  return app.chooseOrSay(
    { chat: chat.jid, name: "archived", value: placeOf(chat) },
    { chat: chat.jid, name: "pinned" },
  );
}

/** Whoever keeps it open reads it, so it is left. */
function markUnread(app: App, chat: ChatSummary): Promise<void> {
  if (app.openChat.peek() === chat.jid) app.go({ screen: "chats" });
  return app.chooseOrSay({ chat: chat.jid, name: "unread", value: Math.max(placeOf(chat), Math.ceil(chat.readTo)) });
}

async function markRead(app: App, chat: ChatSummary): Promise<void> {
  if (chat.unread > 0 && chat.newest !== undefined) await app.engine.read({ chat: chat.jid, position: chat.newest });
  if (chat.choices?.unread !== undefined) await app.chooseOrSay({ chat: chat.jid, name: "unread" });
}
