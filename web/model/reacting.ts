/**
 * Reactions to a message. Those to an encrypted one are in clear, as the encryption of the field leaves them: the person is
 * told so once, before the first, and may do without (`SETTINGS.reactions`).
 */
import { drop } from "../../worker/shared/drop.ts";
import type { MessageItem } from "../engine/protocol/conversations.ts";
import type { App } from "./app.ts";
import { toggled } from "./conversation/reactions.ts";

/** Whether it is offered to react to this message. What stands below it can be pressed in any case. */
export function offersReactions(app: App, { encrypted }: Pick<MessageItem, "encrypted">): boolean {
  return !encrypted || app.settings.peek().reactions !== "off";
}

/** Adds this emoji to ours, or takes it off. Where it would say more than the person knows, it is asked first. */
export function react(app: App, item: MessageItem, emoji: string): void {
  const emojis = toggled(item, emoji);
  const own = item.reactions?.find((one) => one.own)?.emojis ?? [];
  // What is taken back was said.
  const isTold = app.settings.peek().reactions === "on" || !item.encrypted || emojis.length < own.length;
  if (isTold) drop(app.orSay(app.engine.react({ key: item.key, emojis })));
  else app.dialog.value = { kind: "reactions", key: item.key, emojis };
}
