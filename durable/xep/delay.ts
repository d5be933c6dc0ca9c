// XEP-0203: Delayed Delivery, version 2.0; timestamps by XEP-0082, version 1.1.1

import type { Element } from "@xmpp/xml";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { attribute, children } from "./element.ts";
import { domainOf } from "../../worker/shared/jid.ts";

const NS_DELAY = "urn:xmpp:delay";
/** XEP-0082 §3.2: the zone is not optional. */
const DATE_TIME = /^([1-9]\d{3})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;
/** No message is older than the network (Jabber's first server, January 1999). */
const EARLIEST_MS = Date.UTC(1999, 0, 1);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** `2002-09-10T23:08:25.123Z` → milliseconds since 1970; undefined for anything that is no such moment. */
export function parseTime(text: string): Time | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", sign, zoneHour = "0", zoneMinute = "0"] = match;
  // A leap second is the last second of its minute for a clock that knows none.
  const parts = [
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Math.min(Number(second), 59),
  ] as const;
  const local = Date.UTC(...parts, Number(fraction.slice(0, 3).padEnd(3, "0")));
  const sameDay = new Date(local).getUTCMonth() === parts[1] && new Date(local).getUTCDate() === parts[2];
  if (!sameDay || parts[3] > 23 || parts[4] > 59 || Number(second) > 60) return undefined;
  const offset = Number(zoneHour) * HOUR_MS + Number(zoneMinute) * MINUTE_MS;
  return sign === "-" ? local + offset : local - offset;
}

/** Milliseconds since 1970 → `2002-09-10T23:08:25.123Z`. */
export function formatTime(time: Time): string {
  return new Date(time).toISOString();
}

/** A claimed moment, held between the beginning of the network and now; nonsense counts as now. */
export function plausibleTime(claim: string | undefined, now: Time): Time {
  const time = claim === undefined ? undefined : parseTime(claim);
  return time === undefined || time < EARLIEST_MS ? now : Math.min(time, now);
}

/** The stamp inside a `<forwarded>`, whose wrapper vouches for it; undefined where there is none. */
export function forwardedStamp(forwarded: Element): string | undefined {
  const [delay] = children(forwarded, "delay", NS_DELAY);
  return delay === undefined ? undefined : attribute(delay, "stamp");
}

/** The stamp that a room wrote to what it repeats from its history (XEP-0045 §7.2.14); others' stamps do not count. */
export function stampBy(message: Element, room: BareJid): string | undefined {
  const vouched = children(message, "delay", NS_DELAY).findLast((delay) => attribute(delay, "from") === room);
  return vouched === undefined ? undefined : attribute(vouched, "stamp");
}

/**
 * The stamp of a live message that our own server kept for us while we were away. What the sender wrote into the
 * stanza stands before it and does not count.
 */
export function ownServerStamp(message: Element, account: BareJid): string | undefined {
  const vouched = children(message, "delay", NS_DELAY).findLast((delay) => {
    const from = attribute(delay, "from");
    return from === account || from === domainOf(account);
  });
  return vouched === undefined ? undefined : attribute(vouched, "stamp");
}
