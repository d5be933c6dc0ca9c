// XEP-0045: Multi-User Chat, version 1.35.1. Presence from a room: who is there, who goes and why; XEP-0421: Occupant
// identifiers, version 1.0.1

import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import type { Occupant } from "../../worker/contract/rooms.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { RoomEvent, RoomExit, ToldWhy } from "./stanza-event.ts";
import { attribute, child, children, isStanza } from "../xep/element.ts";
import { parseStanzaError } from "../xep/errors.ts";
import { usableId } from "../xep/ids.ts";
import { bareOf, parseBareJid, resourceOf } from "../../worker/shared/jid.ts";
import { NS_MUC_USER, NS_OCCUPANT_ID } from "../xep/muc.ts";
import { parsePhoto } from "../xep/vcard.ts";

const SELF = "110";
const CREATED = "201";
const RENAMED = "303";

/** §15.6.2, the most telling first: a room that shuts down may say that it kicks. */
const EXITS: readonly (readonly [string, RoomExit])[] = [
  ["332", "shutdown"],
  ["333", "connection problem"],
  ["301", "banned"],
  ["321", "affiliation changed"],
  ["322", "members-only"],
  ["307", "kicked"],
];

/** What an `<item>` says of somebody (§5), and who has made it so, why. */
type Item = Omit<Occupant, "nick" | "id"> & { readonly nick?: string } & ToldWhy;

/**
 * What a presence of the room or of one of its occupants says. `trustsIds`: the room announces XEP-0421, so it takes out
 * what occupants write there themselves (§4). Undefined where it says nothing.
 */
export function parseRoomPresence(stanza: Element, room: BareJid, trustsIds: boolean): RoomEvent | undefined {
  const from = attribute(stanza, "from") ?? "";
  if (!isStanza(stanza, "presence") || bareOf(from) !== room) return undefined;
  const type = attribute(stanza, "type");
  const nick = resourceOf(from);
  if (type === "error") {
    const error = parseStanzaError(stanza);
    return error && { kind: "room-refused", room, condition: error.condition };
  }
  const x = roomsWord(stanza);
  const item = x && readItem(x);
  const photo = type === undefined ? parsePhoto(stanza) : undefined;
  if (x === undefined && nick === undefined && photo !== undefined)
    return { kind: "room-picture", room, ...(photo !== "none" && { id: photo }) };
  if (x === undefined || item === undefined || (type !== undefined && type !== "unavailable")) return undefined;
  // §10.6.1, Prosody: members who are not there, told by the room itself or by their reserved nickname.
  if (nick === undefined) return memberEvent(room, item);
  const codes = statusCodes(stanza);
  const self = codes.has(SELF);
  if (type === "unavailable") {
    const to = item.nick;
    if (codes.has(RENAMED) && to !== undefined) return { kind: "room-renamed", room, nick, to, self };
    const why = exitOf(x, codes);
    const told = why === "destroyed" ? destruction(x, room) : whyIn(item);
    return { kind: "room-gone", room, nick, self, ...(why !== undefined && { why }), ...told };
  }
  const id = trustsIds ? occupantIdOf(stanza) : undefined;
  const { nick: _reserved, by: _by, reason: _reason, ...known } = item;
  const picture = photo === "none" ? undefined : photo;
  const occupant = { ...known, nick, ...(id !== undefined && { id }), ...(picture !== undefined && { picture }) };
  return { kind: "room-here", room, occupant, self, created: codes.has(CREATED), ...whyIn(item) };
}

/** The affiliation of somebody who is not in the room (§9.3, §10.5); undefined where no address is told. */
export function parseMemberChange(message: Element, room: BareJid): RoomEvent | undefined {
  const x = roomsWord(message);
  const item = x && readItem(x);
  return item && memberEvent(room, item);
}

/** The room's name for whoever said or is something; two of them mean that nobody did. */
export function occupantIdOf(stanza: Element): string | undefined {
  const [own, ...more] = children(stanza, "occupant-id", NS_OCCUPANT_ID);
  return own === undefined || more.length > 0 ? undefined : usableId(attribute(own, "id"));
}

/** The address in the one `<item>` of the one `<x>`: what others added beside it makes it nobody's word. */
export function soleItemJid(stanza: Element): BareJid | undefined {
  const [x, ...more] = children(stanza, "x", NS_MUC_USER);
  return x === undefined || more.length > 0 ? undefined : readItem(x)?.jid;
}

/** XEP-0045 §15.6: the codes of the room's `<status>` elements; empty where there are none. */
export function statusCodes(stanza: Element): ReadonlySet<string> {
  const x = child(stanza, "x", NS_MUC_USER);
  if (x === undefined) return new Set();
  return new Set(children(x, "status", NS_MUC_USER).flatMap((status) => attribute(status, "code") ?? []));
}

function exitOf(x: Element, codes: ReadonlySet<string>): RoomExit | undefined {
  if (child(x, "destroy", NS_MUC_USER) !== undefined) return "destroyed";
  return EXITS.find(([code]) => codes.has(code))?.[1];
}

/**
 * What the room has put into a stanza: the one `<x>`. A service takes out what an occupant writes there (§7.1); of two, one
 * would be theirs, and nobody could say which.
 */
function roomsWord(stanza: Element): Element | undefined {
  const [x, ...more] = children(stanza, "x", NS_MUC_USER);
  return more.length > 0 ? undefined : x;
}

/** §10.9: why, and where everybody is to go. */
function destruction(x: Element, room: BareJid): { readonly reason?: string; readonly instead?: BareJid } {
  const destroy = child(x, "destroy", NS_MUC_USER);
  const reason = destroy && reasonIn(destroy);
  const instead = destroy && parseBareJid(attribute(destroy, "jid") ?? "");
  return { ...(reason && { reason }), ...(instead !== undefined && instead !== room && { instead }) };
}

function memberEvent(room: BareJid, item: Item): RoomEvent | undefined {
  const { jid, affiliation } = item;
  return jid && { kind: "room-member", room, jid, affiliation, ...whyIn(item) };
}

function whyIn({ by, reason }: Item): ToldWhy {
  return { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
}

function reasonIn(element: Element): string | undefined {
  return child(element, "reason", NS_MUC_USER)?.getText().trim().slice(0, LIMITS.reasonLength) || undefined;
}

/** Somebody in the room with several clients has several items (§5.2): they are of one address or of none. */
function readItem(x: Element): Item | undefined {
  const items = children(x, "item", NS_MUC_USER);
  const [item] = items;
  if (item === undefined) return undefined;
  const jids = new Set(items.map((each) => bareOf(attribute(each, "jid") ?? "")));
  const [jid] = jids.size === 1 ? jids : [];
  const nick = attribute(item, "nick");
  const actor = child(item, "actor", NS_MUC_USER);
  const by = actor && attribute(actor, "nick")?.slice(0, LIMITS.nickLength);
  const reason = reasonIn(item);
  return {
    affiliation: oneOf(["owner", "admin", "member", "none", "outcast"], attribute(item, "affiliation")) ?? "none",
    role: oneOf(["moderator", "participant", "visitor", "none"], attribute(item, "role")) ?? "none",
    ...(jid !== undefined && { jid }),
    ...(nick !== undefined && { nick }),
    ...(by && { by }),
    ...(reason !== undefined && { reason }),
  };
}

function oneOf<const Name extends string>(names: readonly Name[], value: string | undefined): Name | undefined {
  return names.find((name) => name === value);
}
