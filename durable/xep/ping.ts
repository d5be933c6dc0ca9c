// XEP-0199: XMPP Ping, version 2.0.1

import xml, { type Element } from "@xmpp/xml";
import { child } from "./element.ts";
import { iqGet } from "./stanzas.ts";

export const NS_PING = "urn:xmpp:ping";

/** Without `to`: the own server (§4.2). */
export function buildPing(to?: string): Element {
  return iqGet(xml("ping", { xmlns: NS_PING }), to);
}

/** Whether a request is a ping; the answer is an empty result. */
export function isPing(iq: Element): boolean {
  return child(iq, "ping", NS_PING) !== undefined;
}
