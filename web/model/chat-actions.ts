/** What a person can do with a conversation of the list. What they choose is so in all their browsers. */
import type { ChatChoices, Choice } from "../../worker/contract/choices.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { ChatSummary } from "../engine/protocol/conversations.ts";
import type { App } from "./app.ts";
import { isArchived, isMarkedUnread, isMuted, isPinned, type MuteTime, muteUntil, placeOf } from "./chat-choices.ts";

export type ChatAction = "pin" | "unpin" | "mute" | "unmute" | "unread" | "read" | "archive" | "unarchive";

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
  ];
}

/** Muting asks for how long. */
export function actOnChat(app: App, chat: ChatSummary, action: ChatAction): Promise<void> {
  const { jid } = chat;
  switch (action) {
    case "pin":
      return choose(app, { chat: jid, name: "pinned", value: true });
    case "unpin":
      return choose(app, { chat: jid, name: "pinned" });
    case "mute":
      app.dialog.value = { kind: "mute", jid };
      return Promise.resolve();
    case "unmute":
      return choose(app, { chat: jid, name: "muted" });
    case "unread":
      return markUnread(app, chat);
    case "read":
      return markRead(app, chat);
    case "archive":
      return archive(app, chat);
    case "unarchive":
      return choose(app, { chat: jid, name: "archived" });
  }
}

/** Until then nothing of it makes itself noticed. What has come back from the archive does not return to it for that. */
export function mute(app: App, jid: BareJid, time: MuteTime, now: Time): Promise<void> {
  app.dialog.value = undefined;
  const muted = { chat: jid, name: "muted", value: muteUntil(time, now) };
  const chat = app.chats.peek().get(jid);
  const isBack = chat?.choices?.archived !== undefined && !isArchived(chat, now);
  return choose(app, muted, ...(isBack ? [{ chat: jid, name: "archived" }] : []));
}

/** What of it notifies. */
export function notifyOf(app: App, jid: BareJid, notify: NonNullable<ChatChoices["notify"]>): Promise<void> {
  app.dialog.value = undefined;
  return choose(app, { chat: jid, name: "notify", value: notify });
}

/** It leaves the list, and what is seen of it with it. */
function archive(app: App, chat: ChatSummary): Promise<void> {
  if (app.openChat.peek() === chat.jid) app.go({ screen: "chats" });
  return choose(app, { chat: chat.jid, name: "archived", value: placeOf(chat) }, { chat: chat.jid, name: "pinned" });
}

/** Whoever keeps it open reads it, so it is left. */
function markUnread(app: App, chat: ChatSummary): Promise<void> {
  if (app.openChat.peek() === chat.jid) app.go({ screen: "chats" });
  return choose(app, { chat: chat.jid, name: "unread", value: Math.max(placeOf(chat), Math.ceil(chat.readTo)) });
}

async function markRead(app: App, chat: ChatSummary): Promise<void> {
  if (chat.unread > 0 && chat.newest !== undefined) await app.engine.read({ chat: chat.jid, position: chat.newest });
  if (chat.choices?.unread !== undefined) await choose(app, { chat: chat.jid, name: "unread" });
}

/** A menu is closed by then: what could not be kept is said in a dialog. */
async function choose(app: App, ...choices: readonly Choice[]): Promise<void> {
  const failure = await app.choose(...choices);
  if (failure !== undefined) app.dialog.value = { kind: "not-chosen", failure };
}
