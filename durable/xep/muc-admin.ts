// XEP-0045: Multi-User Chat, version 1.35.1. Lists of members (§9.5, §10.5, §10.8)

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute, child, children } from "./element.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { iqGet, iqSet } from "./stanzas.ts";

const NS_MUC_ADMIN = "http://jabber.org/protocol/muc#admin";

/** Those who may read what is said in a members-only room, there or not. */
export const MEMBER_AFFILIATIONS = ["owner", "admin", "member"] as const;
export type MemberAffiliation = (typeof MEMBER_AFFILIATIONS)[number];

/** Who has this affiliation? */
export function requestMembers(room: BareJid, affiliation: MemberAffiliation): Element {
  return iqGet(xml("query", { xmlns: NS_MUC_ADMIN }, xml("item", { affiliation })), room);
}

/** Make somebody a member (§9.3). */
export function buildMember(room: BareJid, jid: BareJid): Element {
  return iqSet(xml("query", { xmlns: NS_MUC_ADMIN }, xml("item", { affiliation: "member", jid })), room);
}

/** The addresses in the answer, domains left out; undefined where it is no such answer. */
export function parseMembers(iq: Element): readonly BareJid[] | undefined {
  const query = child(iq, "query", NS_MUC_ADMIN);
  if (query === undefined || attribute(iq, "type") !== "result") return undefined;
  return children(query, "item", NS_MUC_ADMIN).flatMap((item) => parseBareJid(attribute(item, "jid") ?? "") ?? []);
}
