// RFC 6121 §2: the roster

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute, child, children, legalText } from "./element.ts";
import { cut } from "../../worker/shared/cut.ts";
import { parseBareJid, peerOf } from "../../worker/shared/jid.ts";
import { iqGet, iqSet } from "./stanzas.ts";

const NS_ROSTER = "jabber:iq:roster";

const NAME_LENGTH_MAX = 1_023;

/** `to`: we see their presence; `from`: they see ours; `removed` only ever comes in a push. */
export type RosterItem = {
  readonly jid: BareJid;
  readonly name?: string;
  readonly subscription: "none" | "to" | "from" | "both" | "removed";
  /** We asked to see their presence and wait (§2.1.2.2). */
  readonly asked: boolean;
  /** A roster set replaces the item, so whoever changes one has to say them again (§2.3.3). */
  readonly groups: readonly string[];
};

/** The whole roster, please; also what makes the server send pushes from now on (§2.2). */
export function requestRoster(): Element {
  return iqGet(xml("query", { xmlns: NS_ROSTER }));
}

/** The roster in the answer; undefined where it is none. Items with impossible addresses are left out. */
export function parseRoster(iq: Element): readonly RosterItem[] | undefined {
  const query = child(iq, "query", NS_ROSTER);
  return query === undefined || attribute(iq, "type") !== "result" ? undefined : readItems(query);
}

/** Whether a request poses as a roster push, rightly or not. */
export function isRosterPush(iq: Element): boolean {
  return attribute(iq, "type") === "set" && child(iq, "query", NS_ROSTER) !== undefined;
}

/**
 * The changed item. "A receiving client MUST ignore the stanza unless it has no 'from' attribute (i.e., implicitly from
 * the bare JID of the user's account) or it has a 'from' attribute whose value matches the user's bare JID" (§2.1.6).
 * Undefined for such a forgery, and where there is not exactly one item.
 */
export function parseRosterPush(iq: Element, account: BareJid): RosterItem | undefined {
  const from = attribute(iq, "from");
  const query = child(iq, "query", NS_ROSTER);
  if (query === undefined || !isRosterPush(iq) || (from !== undefined && parseBareJid(from) !== account))
    return undefined;
  const [item, ...more] = readItems(query);
  return more.length > 0 ? undefined : item;
}

/** Add a contact or change its name and groups (§2.3, §2.4). */
export function buildRosterSet(jid: BareJid, name?: string, groups: readonly string[] = []): Element {
  const item = xml(
    "item",
    { jid, name: name === undefined ? undefined : legalText(name) },
    groups.map((group) => xml("group", {}, legalText(group))),
  );
  return iqSet(xml("query", { xmlns: NS_ROSTER }, item));
}

/** Remove a contact; the server ends the subscriptions both ways (§2.5). */
export function buildRosterRemove(jid: BareJid): Element {
  return iqSet(xml("query", { xmlns: NS_ROSTER }, xml("item", { jid, subscription: "remove" })));
}

function readItems(query: Element): readonly RosterItem[] {
  return children(query, "item", NS_ROSTER).flatMap((item) => readItem(item) ?? []);
}

function readItem(item: Element): RosterItem | undefined {
  // Services are contacts, too: gateways above all.
  const address = attribute(item, "jid")?.trim() ?? "";
  const jid = address.includes("/") ? undefined : peerOf(address);
  if (jid === undefined) return undefined;
  const name = cut(attribute(item, "name")?.trim() ?? "", NAME_LENGTH_MAX);
  return {
    jid,
    ...(name && { name }),
    subscription: readSubscription(attribute(item, "subscription")),
    asked: attribute(item, "ask") === "subscribe",
    groups: children(item, "group", NS_ROSTER).map((group) => group.getText()),
  };
}

/** §2.1.2.5: what is not understood counts as `none`. */
function readSubscription(value: string | undefined): RosterItem["subscription"] {
  switch (value) {
    case "to":
    case "from":
    case "both":
      return value;
    case "remove":
      return "removed";
    default:
      return "none";
  }
}
