// XEP-0085: Chat State Notifications, version 2.1

import xml, { type Element } from "@xmpp/xml";
import type { TypingState } from "../../worker/contract/frames.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { child } from "./element.ts";
import { buildHint } from "./hints.ts";

export const NS_CHAT_STATES = "http://jabber.org/protocol/chatstates";

/** `inactive` and `gone` come from others alone: they say when somebody looks, which is nobody's business. */
export type ChatState = TypingState | "inactive" | "gone";

const STATES: readonly ChatState[] = ["composing", "paused", "active", "inactive", "gone"];

/** What its author does there; undefined where the message does not say. */
export function parseChatState(message: Element): ChatState | undefined {
  return STATES.find((state) => child(message, state, NS_CHAT_STATES) !== undefined);
}

/** The state alone, or beside a message. */
export function buildChatState(state: TypingState): Element {
  return xml(state, { xmlns: NS_CHAT_STATES });
}

/** A message that says nothing else, and that nobody keeps (§5.6). `room`: `to` is one. */
export function buildTyping(typing: {
  readonly to: BareJid;
  readonly id: string;
  readonly state: TypingState;
  readonly room: boolean;
}): Element {
  const { to, id, state, room } = typing;
  return xml("message", { to, type: room ? "groupchat" : "chat", id }, buildChatState(state), buildHint("no-store"));
}
