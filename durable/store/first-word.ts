/** That this account has written somewhere, and to whom it has turned by itself. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { Stores } from "./stores.ts";

/**
 * It writes in a conversation now. Where nobody has said anything in it yet, and they are no contact, it has turned to them:
 * when they ask to become one, both have said that they want it, and nobody is asked again (as RFC 6121 §3.4 has it for a
 * request). Runs inside a turn.
 */
export function writeTo(
  { meta, log, contacts, conversations, rooms }: Pick<Stores, "meta" | "log" | "contacts" | "conversations" | "rooms">,
  chat: BareJid,
): void {
  if (conversations.writtenTo(chat)) return;
  conversations.setWrittenTo(chat);
  const { subscription, asked, request } = contacts.get(chat);
  const isContact = asked || (subscription !== "none" && subscription !== "removed");
  if (isContact || request || chat === meta.account || rooms.get(chat) !== undefined) return;
  if (!log.hears(chat, meta.account)) contacts.setWelcome(chat, true);
}
