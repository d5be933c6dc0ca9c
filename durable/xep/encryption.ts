// XEP-0380: Explicit Message Encryption, version 0.4.0

import xml, { type Element } from "@xmpp/xml";
import { attribute, child } from "./element.ts";

export const NS_EME = "urn:xmpp:eme:0";

/** Says to clients that cannot read a message what it was encrypted with. */
export function buildEncryption(name: string, namespace: string): Element {
  return xml("encryption", { xmlns: NS_EME, name, namespace });
}

/** The namespace of the encryption that a message claims; undefined where it claims none. */
export function parseEncryption(message: Element): string | undefined {
  const claim = child(message, "encryption", NS_EME);
  return claim === undefined ? undefined : attribute(claim, "namespace");
}
