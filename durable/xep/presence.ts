// RFC 6121 §3, §4: subscriptions and presence

import xml, { type Element } from "@xmpp/xml";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { attribute, isStanza, ownText } from "./element.ts";
import { buildIdle } from "./last-activity.ts";
import { peerOf, resourceOf } from "../../worker/shared/jid.ts";

export type Presence = {
  /** `granted`: they let us see their presence; `refused`: they do not, or no longer. */
  readonly kind: "available" | "unavailable" | "request" | "withdrawn" | "granted" | "refused";
  readonly jid: BareJid;
  /** Empty where a bare JID speaks, for all its resources. */
  readonly resource: string;
  /** What they say of being there (§4.7.2.1); nobody says anything of being ready to talk. */
  readonly show?: "away" | "dnd" | "xa";
};

/** RFC 6121 §4.7.1. No type is "available"; `probe` is between servers; an error is about something we sent. */
const KINDS: ReadonlyMap<string | undefined, Presence["kind"]> = new Map([
  [undefined, "available"],
  ["unavailable", "unavailable"],
  ["subscribe", "request"],
  ["unsubscribe", "withdrawn"],
  ["subscribed", "granted"],
  ["unsubscribed", "refused"],
] as const);

/** Here we are, and this is what we can do (`caps`, see `caps.ts`); `away`: since when nobody has looked (XEP-0319 §3). */
export function buildAvailable(caps: Element, away?: Time): Element {
  return away === undefined
    ? xml("presence", {}, caps)
    : xml("presence", {}, xml("show", {}, "away"), buildIdle(away), caps);
}

/** May I see your presence? (§3.1.1) `inside`: what lets us in (XEP-0379). */
export function buildSubscribe(to: BareJid, inside?: Element): Element {
  return xml("presence", { to, type: "subscribe" }, inside);
}

/** You may see mine (§3.1.4). */
export function buildSubscribed(to: BareJid): Element {
  return xml("presence", { to, type: "subscribed" });
}

/** You may not, or no longer, see mine (§3.2): declines a request, too. */
export function buildUnsubscribed(to: BareJid): Element {
  return xml("presence", { to, type: "unsubscribed" });
}

/** What somebody's presence says; undefined for errors, probes, unknown types, and where nobody says it. */
export function parsePresence(stanza: Element): Presence | undefined {
  const from = attribute(stanza, "from");
  const kind = KINDS.get(attribute(stanza, "type"));
  const jid = from === undefined ? undefined : peerOf(from);
  if (!isStanza(stanza, "presence") || kind === undefined || from === undefined || jid === undefined) return undefined;
  const show = kind === "available" ? showOf(stanza) : undefined;
  return { kind, jid, resource: resourceOf(from) ?? "", ...(show !== undefined && { show }) };
}

function showOf(stanza: Element): Presence["show"] {
  const show = ownText(stanza, "show")?.trim();
  return show === "away" || show === "dnd" || show === "xa" ? show : undefined;
}
