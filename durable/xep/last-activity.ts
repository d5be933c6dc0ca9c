// XEP-0319: Last User Interaction in Presence, version 1.0.2; XEP-0256: Last Activity in Presence, version 1.1.1;
// XEP-0012: Last Activity, version 2.0

import xml, { type Element } from "@xmpp/xml";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { formatTime, parseTime } from "./delay.ts";
import { attribute, child, integer } from "./element.ts";
import { iqGet } from "./stanzas.ts";

const NS_IDLE = "urn:xmpp:idle:1";
const NS_LAST = "jabber:iq:last";

const MINUTE_MS = 60_000;
/** A hundred years. */
const SECONDS_MAX = 3_155_760_000;

/**
 * Since when whoever sends this presence has done nothing, or, with one of type "unavailable", when they were there last.
 * By their clock, so never later than `now`. Undefined where it does not say.
 */
export function parseIdle(presence: Element, now: Time): Time | undefined {
  const idle = child(presence, "idle", NS_IDLE);
  const since = idle && parseTime(attribute(idle, "since") ?? "");
  if (since !== undefined) return Math.min(since, now);
  const last = child(presence, "query", NS_LAST);
  const seconds = last && integer(attribute(last, "seconds"), 0, SECONDS_MAX);
  return seconds === undefined ? undefined : now - seconds * 1_000;
}

/** Nothing was done since then (XEP-0319 §3). To the minute: more is nobody's business. */
export function buildIdle(since: Time): Element {
  return xml("idle", { xmlns: NS_IDLE, since: formatTime(since - (since % MINUTE_MS)) });
}

/** When was somebody there last? Their server says so to those who may see their presence (XEP-0012 §5). */
export function requestLast(of: BareJid): Element {
  return iqGet(xml("query", { xmlns: NS_LAST }), of);
}

/** How many seconds ago that was; undefined where the answer does not say. */
export function parseLast(iq: Element): number | undefined {
  const query = child(iq, "query", NS_LAST);
  return query && integer(attribute(query, "seconds"), 0, SECONDS_MAX);
}
