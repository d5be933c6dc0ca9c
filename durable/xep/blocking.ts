// XEP-0191: Blocking Command, version 1.3; with the reason of a report by XEP-0377: Spam Reporting, version 0.3

import xml, { type Element } from "@xmpp/xml";
import type { ReportReason } from "../../worker/contract/calls.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { parseBareJid, peerOf } from "../../worker/shared/jid.ts";
import { attribute, child, children } from "./element.ts";
import { iqGet, iqSet } from "./stanzas.ts";

const NS_BLOCKING = "urn:xmpp:blocking";
const NS_REPORTING = "urn:xmpp:reporting:1";
const REASONS: Readonly<Record<ReportReason, string>> = {
  spam: "urn:xmpp:reporting:spam",
  abuse: "urn:xmpp:reporting:abuse",
};

/** What the server says of who is blocked: these now are, or are no longer; `all`: nobody is any more (XEP-0191 §3.5). */
export type BlockChange =
  | { readonly kind: "blocked" | "unblocked"; readonly jids: readonly BareJid[] }
  | { readonly kind: "none-blocked" };

/** Who is blocked? (XEP-0191 §3.2) */
export function requestBlocklist(): Element {
  return iqGet(xml("blocklist", { xmlns: NS_BLOCKING }));
}

/**
 * The list in an answer; undefined where it is none. Domains and resources may be blocked as well (§2): what is no
 * address of a person or a service is left out, and stays blocked.
 */
export function parseBlocklist(iq: Element): readonly BareJid[] | undefined {
  const list = child(iq, "blocklist", NS_BLOCKING);
  return list && attribute(iq, "type") === "result" ? jidsIn(list) : undefined;
}

/** Keep them away from now on (§3.3); `report`: and this is why (XEP-0377 §3). */
export function buildBlock(jid: BareJid, report?: ReportReason): Element {
  const told = report && xml("report", { xmlns: NS_REPORTING, reason: REASONS[report] });
  return iqSet(xml("block", { xmlns: NS_BLOCKING }, xml("item", { jid }, told)));
}

/** No longer (§3.4). */
export function buildUnblock(jid: BareJid): Element {
  return iqSet(xml("unblock", { xmlns: NS_BLOCKING }, xml("item", { jid })));
}

/** Whether a request poses as a push about who is blocked, rightly or not. */
export function isBlockPush(iq: Element): boolean {
  return attribute(iq, "type") === "set" && (childOf(iq, "block") ?? childOf(iq, "unblock")) !== undefined;
}

/** What such a push says; undefined where it is not the own server that speaks for the account (§3.3, as RFC 6121 §2.1.6). */
export function parseBlockPush(iq: Element, account: BareJid): BlockChange | undefined {
  const from = attribute(iq, "from");
  if (!isBlockPush(iq) || (from !== undefined && parseBareJid(from) !== account)) return undefined;
  const block = childOf(iq, "block");
  if (block !== undefined) return { kind: "blocked", jids: jidsIn(block) };
  const unblock = childOf(iq, "unblock");
  if (unblock === undefined) return undefined;
  const emptied = children(unblock, "item", NS_BLOCKING).length === 0;
  return emptied ? { kind: "none-blocked" } : { kind: "unblocked", jids: jidsIn(unblock) };
}

function childOf(iq: Element, name: string): Element | undefined {
  return child(iq, name, NS_BLOCKING);
}

function jidsIn(list: Element): readonly BareJid[] {
  return children(list, "item", NS_BLOCKING).flatMap((item) => {
    const address = attribute(item, "jid")?.trim() ?? "";
    return address.includes("/") ? [] : (peerOf(address) ?? []);
  });
}
