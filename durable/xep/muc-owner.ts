// XEP-0045: Multi-User Chat, version 1.35.1. Configuration by the owner (§10)

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute, child, legalText } from "./element.ts";
import { answerForm, buildSubmission, type Form, parseForm } from "./forms.ts";
import { iqGet, iqSet } from "./stanzas.ts";

const NS_MUC_OWNER = "http://jabber.org/protocol/muc#owner";
const ROOM_CONFIG = "http://jabber.org/protocol/muc#roomconfig";

const ROOM_NAME = "muc#roomconfig_roomname";
const ROOM_SECRET = "muc#roomconfig_roomsecret";
const ROOM_LOCKED = "muc#roomconfig_passwordprotectedroom";

/** Members only, everybody sees everybody's address, kept for good, archived, not listed: a room fit for encryption. */
const PRIVATE: readonly { readonly name: string; readonly value: string }[] = [
  { name: "muc#roomconfig_membersonly", value: "1" },
  { name: "muc#roomconfig_whois", value: "anyone" },
  { name: "muc#roomconfig_persistentroom", value: "1" },
  { name: "muc#roomconfig_publicroom", value: "0" },
  { name: "muc#roomconfig_enablearchiving", value: "1" },
  // ejabberd's name for the same.
  { name: "mam", value: "1" },
];

/** How is the room configured? (§10.2) */
export function requestRoomForm(room: BareJid): Element {
  return iqGet(xml("query", { xmlns: NS_MUC_OWNER }), room);
}

/** The form in the answer; undefined where there is none. */
export function parseRoomForm(iq: Element): Form | undefined {
  const query = child(iq, "query", NS_MUC_OWNER);
  return query && attribute(iq, "type") === "result" ? parseForm(query) : undefined;
}

/** The same form, answered so that the room is private and has a name; what this server does not ask is left out. */
export function buildPrivateRoom(room: BareJid, form: Form, called?: string): Element {
  const asked = new Set(form.fields.map(({ name }) => name));
  const named = called === undefined ? [] : [{ name: ROOM_NAME, value: legalText(called) }];
  const answers = [...PRIVATE, ...named]
    .filter(({ name }) => asked.has(name))
    .map(({ name, value }) => ({ name, values: [value] }));
  return iqSet(xml("query", { xmlns: NS_MUC_OWNER }, buildSubmission(ROOM_CONFIG, answerForm(form, answers))), room);
}

/** The same form, answered so that the room is called otherwise (§10.2); undefined where it asks for no name. */
export function buildRenaming(room: BareJid, form: Form, called: string): Element | undefined {
  if (!form.fields.some(({ name }) => name === ROOM_NAME)) return undefined;
  const answers = [{ name: ROOM_NAME, values: [legalText(called)] }];
  return iqSet(xml("query", { xmlns: NS_MUC_OWNER }, buildSubmission(ROOM_CONFIG, answerForm(form, answers))), room);
}

/**
 * The same form, answered so that whoever enters is asked for this, or, empty, for nothing (§10.2); undefined where the
 * service knows no passwords.
 */
export function buildLocking(room: BareJid, form: Form, password: string): Element | undefined {
  if (!form.fields.some(({ name }) => name === ROOM_SECRET)) return undefined;
  const locks = form.fields.some(({ name }) => name === ROOM_LOCKED);
  const answers = [
    ...(locks ? [{ name: ROOM_LOCKED, values: [password === "" ? "0" : "1"] }] : []),
    { name: ROOM_SECRET, values: [legalText(password)] },
  ];
  return iqSet(xml("query", { xmlns: NS_MUC_OWNER }, buildSubmission(ROOM_CONFIG, answerForm(form, answers))), room);
}

/** Close it for good (§10.9); `instead`: where everybody is told to go. */
export function buildDestruction(room: BareJid, reason: string | undefined, instead: BareJid | undefined): Element {
  const why = reason === undefined ? [] : [xml("reason", {}, legalText(reason))];
  return iqSet(xml("query", { xmlns: NS_MUC_OWNER }, xml("destroy", { jid: instead }, ...why)), room);
}

/** §10.1.2: no form, so the room is opened as the service makes it. */
export function buildInstantRoom(room: BareJid): Element {
  return iqSet(xml("query", { xmlns: NS_MUC_OWNER }, xml("x", { xmlns: "jabber:x:data", type: "submit" })), room);
}
