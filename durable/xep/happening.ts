// XEP-0353: Jingle Message Initiation, version 0.6.1. XEP-0482: Call Invites, 0.1. XEP-0224: Attention, 1.0
// XEP-0066: Out of Band Data, 1.5. XEP-0385: Stateless Inline Media Sharing, 0.3. XEP-0447: Stateless File Sharing, 0.3

import type { Element } from "@xmpp/xml";
import type { Happening } from "../../worker/contract/entries.ts";
import { attribute, child, children } from "./element.ts";

const NS_PROPOSAL = "urn:xmpp:jingle-message:0";
const NS_CALL_INVITE = "urn:xmpp:call-invites:0";
const NS_RTP = "urn:xmpp:jingle:apps:rtp:1";
const NS_JINGLE_FILE = /^urn:xmpp:jingle:apps:file-transfer:\d+$/;
const NS_ATTENTION = "urn:xmpp:attention:0";
const NS_OUT_OF_BAND = "jabber:x:oob";
const NS_FILE_SHARING = "urn:xmpp:sfs:0";
const NS_REFERENCE = "urn:xmpp:reference:0";
const NS_MEDIA_SHARING = "urn:xmpp:sims:1";

/** Whether a message asks into a call. Apps put a body beside it for those that know no calls; it says no more. */
export function asksIntoCall(message: Element): boolean {
  const proposal = child(message, "propose", NS_PROPOSAL);
  if (proposal !== undefined && child(proposal, "description", NS_RTP) !== undefined) return true;
  return child(message, "invite", NS_CALL_INVITE) !== undefined;
}

/** What a message without a body does: it asks into a call, wants attention, or brings a file. Undefined: none of these. */
export function parseHappening(message: Element): Happening | undefined {
  if (asksIntoCall(message)) return "call";
  if (child(message, "attention", NS_ATTENTION) !== undefined) return "attention";
  return bringsFile(message) ? "file" : undefined;
}

function bringsFile(message: Element): boolean {
  const proposal = child(message, "propose", NS_PROPOSAL);
  const offered = proposal?.getChildElements().some((one) => NS_JINGLE_FILE.test(attribute(one, "xmlns") ?? ""));
  const named = child(message, "x", NS_OUT_OF_BAND) ?? child(message, "file-sharing", NS_FILE_SHARING);
  const referred = children(message, "reference", NS_REFERENCE).some(
    (one) => child(one, "media-sharing", NS_MEDIA_SHARING) !== undefined,
  );
  return offered === true || named !== undefined || referred;
}
