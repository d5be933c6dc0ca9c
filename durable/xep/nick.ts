// XEP-0172: User Nickname, version 1.1

import xml, { type Element } from "@xmpp/xml";
import { child, legalText } from "./element.ts";
import { cut } from "../../worker/shared/cut.ts";
import { type NewItem, SINGLE_ITEM } from "./pubsub.ts";

/** Also the node under which it is kept (§4.3). */
export const NS_NICK = "http://jabber.org/protocol/nick";

const NICK_LENGTH_MAX = 200;

/** What the owner of the node calls themselves; undefined where that is nothing. */
export function parseNick(payload: Element | undefined): string | undefined {
  if (payload === undefined) return undefined;
  const nick = payload.is("nick", NS_NICK) ? payload : child(payload, "nick", NS_NICK);
  return cut(nick?.getText().trim() ?? "", NICK_LENGTH_MAX) || undefined;
}

/** What we call ourselves; empty: nothing any more. */
export function buildNick(nick: string): NewItem {
  return { id: SINGLE_ITEM, payload: xml("nick", { xmlns: NS_NICK }, legalText(nick)) };
}
