// XEP-0490: Message Displayed Synchronization, version 1.0.1

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { attribute, child } from "./element.ts";
import { NS_SID, usableId } from "./ids.ts";
import type { NewItem, PubsubItem } from "./pubsub.ts";

/** Its items are the conversations of the account, each with the last message that was displayed by any client. */
export const NS_MDS = "urn:xmpp:mds:displayed:0";

/** A conversation was seen up to the message that an archive keeps under this id. */
export type DisplayedItem = { readonly chat: BareJid; readonly archive: { readonly by: BareJid; readonly id: string } };

/** Undefined where an item does not say it. */
export function parseDisplayedItem({ id, payload }: PubsubItem): DisplayedItem | undefined {
  const chat = id === undefined ? undefined : parseBareJid(id);
  const displayed = payload?.is("displayed", NS_MDS) === true ? payload : undefined;
  const named = displayed && child(displayed, "stanza-id", NS_SID);
  const by = named && parseBareJid(attribute(named, "by") ?? "");
  const of = named && usableId(attribute(named, "id"));
  return chat && by && of ? { chat, archive: { by, id: of } } : undefined;
}

export function buildDisplayedItem({ chat, archive: { by, id } }: DisplayedItem): NewItem {
  const payload: Element = xml("displayed", { xmlns: NS_MDS }, xml("stanza-id", { xmlns: NS_SID, by, id }));
  return { id: chat, payload };
}
