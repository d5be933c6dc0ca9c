import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL_GUARDS, inRoom, ROOM } from "../testing/room.ts";

function presence(inside: string, { nick = "/bob", type = "" } = {}): string {
  return `<presence from='${ROOM}${nick}' to='me@a.example/web' ${type}>${inside}</presence>`;
}

function user(inside: string): string {
  return `<x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x>`;
}

const BOB_ITEM = "<item jid='Bob@b.example/x' affiliation='member' role='participant'/>";
const BOB_HERE = { nick: "bob", jid: "bob@b.example", affiliation: "member", role: "participant" } as const;

test("somebody is there, with their address where the room shows it", () => {
  assert.deepEqual(inRoom(presence(user(BOB_ITEM))), [
    { kind: "room-here", room: ROOM, occupant: BOB_HERE, self: false, created: false },
  ]);
  const { jid: _hidden, ...anonymous } = BOB_HERE;
  assert.deepEqual(inRoom(presence(user("<item affiliation='member' role='participant'/>"))), [
    { kind: "room-here", room: ROOM, occupant: anonymous, self: false, created: false },
  ]);
});

test("we are there, in a room that our coming made", () => {
  const item = "<item affiliation='owner' role='moderator'/><status code='201'/><status code='110'/>";
  assert.deepEqual(inRoom(presence(user(item), { nick: "/me" })), [
    {
      kind: "room-here",
      room: ROOM,
      occupant: { nick: "me", affiliation: "owner", role: "moderator" },
      self: true,
      created: true,
    },
  ]);
});

test("T23: an occupant id counts only where the room announces them, and only one", () => {
  const id = "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='o1'/>";
  const idOf = (text: string, occupantIds: boolean) => {
    const [event] = inRoom(text, { guards: { ...ALL_GUARDS, occupantIds } });
    return event?.kind === "room-here" ? event.occupant.id : "nobody";
  };
  assert.equal(idOf(presence(user(BOB_ITEM) + id), true), "o1");
  assert.equal(idOf(presence(user(BOB_ITEM) + id), false), undefined);
  assert.equal(idOf(presence(user(BOB_ITEM) + id + id), true), undefined);
});

test("one person with two clients has one address; two addresses are none", () => {
  const jidOf = (items: string) => {
    const [event] = inRoom(presence(user(items)));
    return event?.kind === "room-here" ? event.occupant.jid : "nobody";
  };
  assert.equal(jidOf(BOB_ITEM + BOB_ITEM.replace("/x", "/y")), "bob@b.example");
  assert.equal(jidOf(BOB_ITEM + BOB_ITEM.replace("Bob@", "eve@")), undefined);
});

test("every way out has a word", () => {
  const out = (codes: string, inside = "") => {
    const [event] = inRoom(
      presence(user(`<item affiliation='none' role='none'/>${inside}${codes}`), {
        nick: "/me",
        type: "type='unavailable'",
      }),
    );
    return event?.kind === "room-gone" ? [event.self, event.why] : event;
  };
  const status = (...codes: number[]) => codes.map((code) => `<status code='${code}'/>`).join("");
  assert.deepEqual(out(status(110)), [true, undefined]);
  assert.deepEqual(out(status(110, 301)), [true, "banned"]);
  assert.deepEqual(out(status(110, 307)), [true, "kicked"]);
  assert.deepEqual(out(status(110, 321)), [true, "affiliation changed"]);
  assert.deepEqual(out(status(110, 322)), [true, "members-only"]);
  assert.deepEqual(out(status(110, 332)), [true, "shutdown"]);
  assert.deepEqual(out(status(110, 307, 333)), [true, "connection problem"]);
  assert.deepEqual(out(status(110), "<destroy/>"), [true, "destroyed"]);
  assert.deepEqual(out(status(307)), [false, "kicked"]);
});

test("somebody takes another name", () => {
  const item = "<item affiliation='member' role='participant' nick='robert'/><status code='303'/>";
  assert.deepEqual(inRoom(presence(user(item), { type: "type='unavailable'" })), [
    { kind: "room-renamed", room: ROOM, nick: "bob", to: "robert", self: false },
  ]);
});

test("a refusal is its condition, a member who is not there is no occupant", () => {
  const error = "<error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
  assert.deepEqual(inRoom(presence(error, { nick: "/me", type: "type='error'" })), [
    { kind: "room-refused", room: ROOM, condition: "conflict" },
  ]);
  const absent = user("<item jid='carol@c.example' affiliation='member' role='none'/>");
  assert.deepEqual(inRoom(presence(absent, { nick: "", type: "type='unavailable'" })), [
    { kind: "room-member", room: ROOM, jid: "carol@c.example", affiliation: "member" },
  ]);
});

test("occupants are not contacts: neither their presence nor what they ask for", () => {
  assert.deepEqual(inRoom(presence("")), []);
  assert.deepEqual(inRoom(presence("", { type: "type='subscribe'" })), []);
  assert.deepEqual(inRoom(presence("", { nick: "", type: "type='subscribe'" })), []);
  assert.deepEqual(inRoom(presence(user(BOB_ITEM)), { open: false }), []);
});

test("another room's presence is not this one's", () => {
  assert.deepEqual(inRoom(presence(user(BOB_ITEM)).replace("coven@", "other@")), []);
});

test("who did it and why comes from the room's item; of two such elements none is the room's", () => {
  const item = "<item affiliation='admin' role='moderator'><actor nick='anna'/><reason> tidy </reason></item>";
  const [event] = inRoom(presence(user(item)));
  assert.deepEqual(event?.kind === "room-here" && [event.by, event.reason], ["anna", "tidy"]);
  assert.deepEqual(inRoom(presence(user(item) + user(BOB_ITEM))), []);
  assert.deepEqual(inRoom(presence(user(item) + user("<destroy/>"), { type: "type='unavailable'" })), []);
});

test("a room that is closed says why, and where to go: elsewhere, not here", () => {
  const closed = (jid: string) => {
    const inside = `<item affiliation='none' role='none'/><destroy jid='${jid}'><reason>done</reason></destroy><status code='110'/>`;
    const [event] = inRoom(presence(user(inside), { nick: "/me", type: "type='unavailable'" }));
    return event?.kind === "room-gone" ? [event.why, event.reason, event.instead] : event;
  };
  assert.deepEqual(closed("new@conference.b.example"), ["destroyed", "done", "new@conference.b.example"]);
  assert.deepEqual(closed(ROOM), ["destroyed", "done", undefined]);
  assert.deepEqual(closed("no address"), ["destroyed", "done", undefined]);
});
