// XEP-0280: Message Carbons, version 1.0.1

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute, child } from "./element.ts";
import { parseForwarded, type Forwarded } from "./forward.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { iqSet } from "./stanzas.ts";

export const NS_CARBONS = "urn:xmpp:carbons:2";

/** A copy of what another resource of the account sent or received. */
export type Carbon = Forwarded & { readonly direction: "sent" | "received" };

/** From now on, copies (§4). Holds for the session. */
export function enableCarbons(): Element {
  return iqSet(xml("enable", { xmlns: NS_CARBONS }));
}

/** Whether a stanza poses as a carbon, rightly or not: it is one or it is nothing. */
export function isCarbon(message: Element): boolean {
  return wrapperOf(message) !== undefined;
}

/**
 * "Any forwarded copies received by a Carbons-enabled client MUST be from that user's bare JID; any copies that do not
 * meet this requirement MUST be ignored" (§11). Undefined for those, and for copies of group chat (§6.1).
 */
export function parseCarbon(message: Element, account: BareJid): Carbon | undefined {
  const from = attribute(message, "from");
  const wrapper = wrapperOf(message);
  if (wrapper === undefined || (from !== undefined && parseBareJid(from) !== account)) return undefined;
  const forwarded = parseForwarded(wrapper);
  if (forwarded === undefined || attribute(forwarded.message, "type") === "groupchat") return undefined;
  return { ...forwarded, direction: wrapper.getName() === "sent" ? "sent" : "received" };
}

function wrapperOf(message: Element): Element | undefined {
  return child(message, "received", NS_CARBONS) ?? child(message, "sent", NS_CARBONS);
}
