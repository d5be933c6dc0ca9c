// XEP-0045: Multi-User Chat, version 1.35.1. What we say to a room; XEP-0410: MUC Self-Ping, version 1.1.0

import xml, { type Element } from "@xmpp/xml";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { formatTime } from "./delay.ts";
import { legalText } from "./element.ts";
import { resourceOf } from "../../worker/shared/jid.ts";
import { buildPing } from "./ping.ts";

export const NS_MUC = "http://jabber.org/protocol/muc";
/** §5: what marks a stanza as coming from a room or one of its occupants. */
export const NS_MUC_USER = "http://jabber.org/protocol/muc#user";
export const NS_OCCUPANT_ID = "urn:xmpp:occupant-id:0";

/** What a room can be (§6.4, §15.3); both together make it fit for encryption. */
export const MEMBERS_ONLY = "muc_membersonly";
export const NON_ANONYMOUS = "muc_nonanonymous";

/** Members only, and everybody sees everybody's address: fit for encryption. */
export function isPrivate(features: readonly string[]): boolean {
  return features.includes(MEMBERS_ONLY) && features.includes(NON_ANONYMOUS);
}

/** What of the room's past is to be sent with the join (§7.2.14): nothing where its archive is read instead. */
export type History = "none" | { readonly max: number; readonly since?: Time };

/** `room@service/nick`; undefined where the nickname cannot stand in an address. */
export function occupantAddress(room: BareJid, nick: string): string | undefined {
  const address = `${room}/${nick}`;
  return resourceOf(address) === nick ? address : undefined;
}

/** Enter, or enter again where the room may have forgotten us (§7.2); `password`: of a room that asks for one (§7.2.6). */
export function buildJoin(occupant: string, history: History, password?: string): Element {
  const asked = password === undefined ? [] : [xml("password", {}, legalText(password))];
  return xml("presence", { to: occupant }, xml("x", { xmlns: NS_MUC }, historyElement(history), ...asked));
}

/** §8.1: a subject and nothing else; an empty one takes it away. */
export function buildSubject(room: BareJid, id: string, subject: string): Element {
  return xml("message", { to: room, type: "groupchat", id }, xml("subject", {}, legalText(subject)));
}

/** §7.14. */
export function buildLeave(occupant: string): Element {
  return xml("presence", { to: occupant, type: "unavailable" });
}

/** XEP-0410 §3: a ping to ourselves by the room's name for us. */
export function buildSelfPing(occupant: string): Element {
  return buildPing(occupant);
}

/** §7.2.14: `maxchars='0'` asks for no history at all. */
function historyElement(history: History): Element {
  if (history === "none") return xml("history", { maxchars: "0" });
  const { max, since } = history;
  return xml("history", { maxstanzas: String(max), since: since === undefined ? undefined : formatTime(since) });
}
