// XEP-0478: Stream Limits Advertisement, version 0.2.0

import type { Element } from "@xmpp/xml";
import { child, children } from "./element.ts";
import { NS_STREAM_CONDITION } from "./namespaces.ts";

const NS_STREAM_LIMITS = "urn:xmpp:stream-limits:0";
const NS_STREAM_ERRORS = "urn:xmpp:errors";

/** RFC 6120 §13.12: "a server MUST NOT enforce a limit of less than 10,000 bytes". Less was not meant so. */
const STANZA_BYTES_MIN = 10_000;

/** Bytes of the largest stanza that the server takes, as its features say; undefined where they do not. */
export function parseStanzaLimit(features: Element): number | undefined {
  const text = child(features, "limits", NS_STREAM_LIMITS)?.getChildText("max-bytes")?.trim() ?? "";
  return /^[1-9][0-9]{0,9}$/.test(text) ? Math.max(Number(text), STANZA_BYTES_MIN) : undefined;
}

/**
 * Whether a stream error says that a stanza was too large: by the condition of its own (§4), or, as servers did before, by
 * the text beside `policy-violation` ("XML stanza is too big", "stanza too large").
 */
export function saysTooLarge(error: Element): boolean {
  if (!child(error, "policy-violation", NS_STREAM_CONDITION)) return false;
  if (child(error, "stanza-too-big", NS_STREAM_ERRORS)) return true;
  return children(error, "text", NS_STREAM_CONDITION).some((text) =>
    /\btoo (?:big|large|long)\b/i.test(text.getText()),
  );
}
