// XEP-0334: Message Processing Hints, version 1.0.0

import xml, { type Element } from "@xmpp/xml";
import { child } from "./element.ts";

const NS_HINTS = "urn:xmpp:hints";

export type Hint = "store" | "no-store" | "no-permanent-store" | "no-copy";

/** Beside a message: archives keep what has no body only when asked to. */
export function buildHint(hint: Hint): Element {
  return xml(hint, { xmlns: NS_HINTS });
}

/** Whether a message carries the hint. */
export function hasHint(message: Element, hint: Hint): boolean {
  return child(message, hint, NS_HINTS) !== undefined;
}
