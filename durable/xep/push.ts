// XEP-0357: Push Notifications, version 0.4.1

import xml, { type Element } from "@xmpp/xml";
import { attribute, child, children, isStanza } from "./element.ts";
import { NS_PUBSUB } from "./pubsub.ts";
import { iqSet } from "./stanzas.ts";

export const NS_PUSH = "urn:xmpp:push:0";

/** Longer than any node that this program makes; what is longer is nobody's. */
const NODE_LENGTH = 256;
/** The form of publish-options is left out: the gateway knows who is meant by the node alone, and takes no secret beside it (§5). */
type PushAddress = { readonly jid: string; readonly node: string };

/** Asks the own server to tell this address of what comes while nobody is connected (§5). Again: the same, once. */
export function buildEnable({ jid, node }: PushAddress): Element {
  return iqSet(xml("enable", { xmlns: NS_PUSH, jid, node }));
}

/** Takes that back, whatever the node (§6). */
export function buildDisable(jid: string): Element {
  return iqSet(xml("disable", { xmlns: NS_PUSH, jid }));
}

/**
 * The node that a server has published a notification to (§7): in an iq of type set, or in a message, as servers of the field
 * do either. What is in the notification is not looked at: of whom it tells, the server need not have said. Undefined where it is
 * anything else.
 */
export function parseNotification(stanza: Element): string | undefined {
  if (isStanza(stanza, "iq") ? attribute(stanza, "type") !== "set" : !isNews(stanza)) return undefined;
  const pubsub = child(stanza, "pubsub", NS_PUBSUB);
  const publish = pubsub && child(pubsub, "publish", NS_PUBSUB);
  const node = publish && attribute(publish, "node");
  if (publish === undefined || node === undefined || node.length > NODE_LENGTH) return undefined;
  const notifies = children(publish, "item", NS_PUBSUB).some((item) => child(item, "notification", NS_PUSH));
  return notifies ? node : undefined;
}

function isNews(stanza: Element): boolean {
  return isStanza(stanza, "message") && attribute(stanza, "type") !== "error";
}
