/** How silent a conversation is. A module of its own: it comes with the dialog that asks. */
import type { ChatChoices } from "../../worker/contract/choices.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { App } from "./app.ts";
import { isArchived, type MuteTime, muteUntil } from "./chat-choices.ts";

/** Until then nothing of it makes itself noticed. What has come back from the archive does not return to it for that. */
export function mute(app: App, jid: BareJid, time: MuteTime, now: Time): Promise<void> {
  app.dialog.value = undefined;
  const muted = { chat: jid, name: "muted", value: muteUntil(time, now) };
  const chat = app.chats.peek().get(jid);
  const isBack = chat?.choices?.archived !== undefined && !isArchived(chat, now);
  return app.chooseOrSay(muted, ...(isBack ? [{ chat: jid, name: "archived" }] : []));
}

/** What of it notifies. */
export function notifyOf(app: App, jid: BareJid, notify: NonNullable<ChatChoices["notify"]>): Promise<void> {
  app.dialog.value = undefined;
  return app.chooseOrSay({ chat: jid, name: "notify", value: notify });
}
