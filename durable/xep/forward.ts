// XEP-0297: Stanza Forwarding, version 1.0

import type { Element } from "@xmpp/xml";
import { forwardedStamp } from "./delay.ts";
import { child } from "./element.ts";
import { NS_CLIENT } from "./namespaces.ts";

const NS_FORWARD = "urn:xmpp:forward:0";

/** `stamp` as it was written; `plausibleTime` makes a moment of it. */
export type Forwarded = { readonly message: Element; readonly stamp?: string };

/**
 * The message inside a wrapper (a carbon, an archive's result). Only ever called on a wrapper whose origin was checked:
 * a bare `<forwarded>` is somebody's claim about somebody else (§5).
 */
export function parseForwarded(wrapper: Element): Forwarded | undefined {
  const forwarded = child(wrapper, "forwarded", NS_FORWARD);
  const message = forwarded && child(forwarded, "message", NS_CLIENT);
  if (forwarded === undefined || message === undefined) return undefined;
  const stamp = forwardedStamp(forwarded);
  return { message, ...(stamp !== undefined && { stamp }) };
}
