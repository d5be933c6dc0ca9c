// XEP-0045: Multi-User Chat, version 1.35.1. Who belongs to a room (§9, §10.3 to §10.8), and what they may do there (§8)

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { Affiliation, Banned, Role } from "../../worker/contract/rooms.ts";
import { parseBareJid, peerOf } from "../../worker/shared/jid.ts";
import { attribute, child, children, legalText } from "./element.ts";
import { iqGet, iqSet } from "./stanzas.ts";

const NS_MUC_ADMIN = "http://jabber.org/protocol/muc#admin";

/** Those who may read what is said in a members-only room, there or not. */
export const MEMBER_AFFILIATIONS = ["owner", "admin", "member"] as const;
export type MemberAffiliation = (typeof MEMBER_AFFILIATIONS)[number];

/** Who has this affiliation? */
export function requestMembers(room: BareJid, affiliation: MemberAffiliation): Element {
  return iqGet(xml("query", { xmlns: NS_MUC_ADMIN }, xml("item", { affiliation })), room);
}

/** From now on somebody is this in the room, there or not (§9.1 to §9.3, §10.3 to §10.7). */
export function buildAffiliation(room: BareJid, jid: BareJid, affiliation: Affiliation, reason?: string): Element {
  return iqSet(query(xml("item", { affiliation, jid }, ...because(reason))), room);
}

/** From now on somebody who is there may do this (§8.2 to §8.4, §9.6, §9.7); `none`: they are put out. */
export function buildRole(room: BareJid, nick: string, role: Role, reason?: string): Element {
  return iqSet(query(xml("item", { role, nick: legalText(nick) }, ...because(reason))), room);
}

/** Whom does it let in no more (§9.2)? */
export function requestBanned(room: BareJid): Element {
  return iqGet(query(xml("item", { affiliation: "outcast" })), room);
}

/** Those in the answer, domains among them; undefined where it is no such answer. */
export function parseBanned(iq: Element): readonly Banned[] | undefined {
  const answer = child(iq, "query", NS_MUC_ADMIN);
  if (answer === undefined || attribute(iq, "type") !== "result") return undefined;
  return children(answer, "item", NS_MUC_ADMIN).flatMap((item) => {
    const jid = peerOf(attribute(item, "jid") ?? "");
    const reason = child(item, "reason", NS_MUC_ADMIN)?.getText().trim().slice(0, LIMITS.reasonLength);
    return jid === undefined || jid.includes("/") ? [] : [{ jid: jid as BareJid, ...(reason && { reason }) }];
  });
}

function query(item: Element): Element {
  return xml("query", { xmlns: NS_MUC_ADMIN }, item);
}

function because(reason: string | undefined): readonly Element[] {
  return reason === undefined ? [] : [xml("reason", {}, legalText(reason))];
}

/** The addresses in the answer, domains left out; undefined where it is no such answer. */
export function parseMembers(iq: Element): readonly BareJid[] | undefined {
  const query = child(iq, "query", NS_MUC_ADMIN);
  if (query === undefined || attribute(iq, "type") !== "result") return undefined;
  return children(query, "item", NS_MUC_ADMIN).flatMap((item) => parseBareJid(attribute(item, "jid") ?? "") ?? []);
}
