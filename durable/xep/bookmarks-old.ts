// XEP-0048: Bookmarks, version 1.2, as an item (XEP-0223) and in private XML storage (XEP-0049, version 1.2). Read only: what
// older clients of the account keep there stays as it is.

import xml, { type Element } from "@xmpp/xml";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { type Bookmark, readConference } from "./bookmarks.ts";
import { attribute, child, children } from "./element.ts";
import { parseItems, requestItems } from "./pubsub.ts";
import { iqGet } from "./stanzas.ts";

const NS_STORAGE = "storage:bookmarks";
const NS_PRIVATE = "jabber:iq:private";

/** Both places; a server may make one of the other (XEP-0411). */
export function requestsOfOld(): readonly Element[] {
  return [requestItems(NS_STORAGE), iqGet(xml("query", { xmlns: NS_PRIVATE }, xml("storage", { xmlns: NS_STORAGE })))];
}

/** The rooms in the answer of either place; web pages that were marked (§3.2) are none. */
export function parseOld(iq: Element): readonly Bookmark[] {
  const query = child(iq, "query", NS_PRIVATE);
  const payloads = (parseItems(iq, NS_STORAGE) ?? []).flatMap(({ payload }) => payload ?? []);
  const kept = query ? children(query, "storage", NS_STORAGE) : payloads.filter((one) => one.is("storage", NS_STORAGE));
  return kept
    .flatMap((storage) => children(storage, "conference", NS_STORAGE))
    .flatMap((conference) => {
      const jid = parseBareJid(attribute(conference, "jid") ?? "");
      return jid ? [readConference(jid, conference, NS_STORAGE)] : [];
    });
}
