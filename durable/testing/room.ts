// For tests: a room with me, Bob, and Carol, whose address the room hides.

import type { BareJid } from "../../worker/contract/names.ts";
import type { Occupant } from "../../worker/contract/rooms.ts";
import type { IngestContext } from "../ingest/envelope.ts";
import type { RoomView } from "../ingest/room-view.ts";
import { ME, NOW, receive } from "./ingest.ts";

export const ROOM = "coven@chat.b.example" as BareJid;
export const ALL_GUARDS = { archiveIds: true, occupantIds: true };

const OCCUPANTS: readonly Occupant[] = [
  { nick: "me", id: "o-me", jid: ME, affiliation: "member", role: "participant" },
  { nick: "bob", id: "o-bob", jid: "bob@b.example" as BareJid, affiliation: "member", role: "participant" },
  { nick: "carol", id: "o-carol", affiliation: "none", role: "participant" },
];

const VIEW: RoomView = {
  jid: ROOM,
  open: true,
  nick: "me",
  id: "o-me",
  guards: ALL_GUARDS,
  nonAnonymous: true,
  byNick: (nick) => OCCUPANTS.find((occupant) => occupant.nick === nick),
  byId: (id) => OCCUPANTS.find((occupant) => occupant.id === id),
  sent: (originId) => originId === "mine",
};

/** While we are in the room; `q-room` is open at its archive, `q1` at our own. */
export function roomContext(view: Partial<RoomView> = {}): IngestContext {
  const openQueries = new Map([
    ["q1", ME],
    ["q-room", ROOM],
  ]);
  const room = (jid: BareJid) => (jid === ROOM ? { ...VIEW, ...view } : undefined);
  return { account: ME, now: NOW, trustedArchiveIds: true, openQueries, room };
}

/** One stanza, ingested while we are in the room. */
export function inRoom(text: string, view: Partial<RoomView> = {}) {
  return receive(text, roomContext(view));
}

/** What one of them says; with their id in the room, unless it is empty. */
export function saidBy(nick: string, inside = "<body>hi</body>", id = `o-${nick}`): string {
  const occupant = id === "" ? "" : `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='${id}'/>`;
  return `<message xmlns='jabber:client' from='${ROOM}/${nick}' to='me@a.example/web' type='groupchat' id='m1'>${inside}${occupant}</message>`;
}

/** A result of the room's archive, rightly for the query that is open there, unless told otherwise. */
export function archivedInRoom(inner: string, { from = ROOM as string, queryId = "q-room" } = {}): string {
  return `<message from='${from}' to='me@a.example/web'><result xmlns='urn:xmpp:mam:2' queryid='${queryId}' id='r1'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-06-29T08:00:00Z'/>${inner}</forwarded></result></message>`;
}
