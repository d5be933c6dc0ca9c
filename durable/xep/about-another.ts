// XEP-0444: Message Reactions, version 0.2.1. XEP-0424: Message Retraction, 0.4.2. XEP-0425: Moderated Message Retraction, 0.3
// XEP-0422: Message Fastening, 0.2. XEP-0428: Fallback Indication, 0.2.1

import type { Element } from "@xmpp/xml";
import { attribute, child, children } from "./element.ts";

const NS_FALLBACK = "urn:xmpp:fallback:0";
/** What does something to another message and says nothing by itself. */
const ACTS = [
  { name: "reactions", namespace: "urn:xmpp:reactions:0" },
  { name: "retract", namespace: "urn:xmpp:message-retract:1" },
  { name: "retract", namespace: "urn:xmpp:message-retract:0" },
  { name: "retracted", namespace: "urn:xmpp:message-retract:1" },
  { name: "retracted", namespace: "urn:xmpp:message-retract:0" },
  { name: "moderate", namespace: "urn:xmpp:message-moderate:1" },
  { name: "moderated", namespace: "urn:xmpp:message-moderate:0" },
  { name: "apply-to", namespace: "urn:xmpp:fasten:0" },
] as const;

/** Whether a message only reacts to another one or takes one back: a body beside that is for apps that know neither. */
export function isAboutAnother(message: Element): boolean {
  return ACTS.some(({ name, namespace }) => child(message, name, namespace) !== undefined);
}

/**
 * The same of an encrypted message, of which only its sender knows what the text is: it is left out where the stanza says
 * that the text is such a body (XEP-0428), or that it takes something back.
 */
export function isSealedFallback(message: Element): boolean {
  const namespaces: ReadonlySet<string> = new Set(ACTS.map(({ namespace }) => namespace));
  const declared = children(message, "fallback", NS_FALLBACK).some((one) =>
    namespaces.has(attribute(one, "for") ?? ""),
  );
  return isAboutAnother(message) && (declared || child(message, "reactions", ACTS[0].namespace) === undefined);
}
