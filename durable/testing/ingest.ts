// For tests: me, Bob, and the ways a message can come.

import type { BareJid } from "../../worker/contract/names.ts";
import type { StanzaEvent, MessageEvent, RoomEvent } from "../ingest/stanza-event.ts";
import type { IngestContext } from "../ingest/envelope.ts";
import { stanza } from "./stanza.ts";
import { ingest } from "../ingest/ingest.ts";

export const NOW = Date.UTC(2026, 5, 30, 12);
export const ME = "me@a.example" as BareJid;
export const BOB = "bob@b.example" as BareJid;
const CONTEXT: IngestContext = {
  account: ME,
  now: NOW,
  trustedArchiveIds: true,
  openQueries: new Map([["q1", ME]]),
  room: () => undefined,
};

/** What `FROM_BOB` means. */
export const HI: MessageEvent = {
  kind: "message",
  chat: BOB,
  sender: BOB,
  outgoing: false,
  at: NOW,
  originId: "m1",
  content: { kind: "clear", text: "hi" },
};
export const FROM_BOB =
  "<message xmlns='jabber:client' from='bob@b.example/x' to='me@a.example' type='chat' id='m1'><body>hi</body></message>";
export const TO_BOB =
  "<message xmlns='jabber:client' from='me@a.example/phone' to='bob@b.example' type='chat' id='m1'><body>hi</body></message>";
export const ENCRYPTED = `<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='7'><key rid='9'>QUJD</key><iv>AAECAwQFBgcICQoL</iv></header><payload>REVG</payload></encrypted>`;
export const OMEMO = {
  sid: 7,
  iv: "AAECAwQFBgcICQoL",
  keys: [{ rid: 9, prekey: false, data: "QUJD" }],
  payload: "REVG",
};

/** One stanza, ingested. */
export function receive(text: string, context: Partial<IngestContext> = {}): readonly (StanzaEvent | RoomEvent)[] {
  return ingest(stanza(text), { ...CONTEXT, ...context });
}

/** What Bob says with this inside a message; undefined where it is no message. */
export function contentOf(inside: string, type = "chat") {
  const [event] = receive(`<message from='bob@b.example/x' to='me@a.example' type='${type}'>${inside}</message>`);
  return event?.kind === "message" ? event.content : undefined;
}

/** A carbon; rightly from the own account unless told otherwise. */
export function carbon(direction: "sent" | "received", inner: string, from = "from='me@a.example'"): string {
  return `<message ${from} to='me@a.example/web'><${direction} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${inner}</forwarded></${direction}></message>`;
}

/** An archive's result; rightly from the own account and for the open query unless told otherwise. */
export function archived(inner: string, from = "from='me@a.example'", queryId = "q1"): string {
  return `<message ${from} to='me@a.example/web'><result xmlns='urn:xmpp:mam:2' queryid='${queryId}' id='28482-98726'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-06-29T08:00:00Z'/>${inner}</forwarded></result></message>`;
}
