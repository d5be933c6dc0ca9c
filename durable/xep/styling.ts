// XEP-0393: Message Styling, version 1.1.1. The one element of it (§6); the rest is in the text

import type { Element } from "@xmpp/xml";
import { child } from "./element.ts";

const NS_STYLING = "urn:xmpp:styling:0";

/** Whether the sender wants the text shown as it is written: beside it and in clear, so it proves nothing. */
export function parseStyling(message: Element): { readonly unstyled?: true } {
  return child(message, "unstyled", NS_STYLING) === undefined ? {} : { unstyled: true };
}
