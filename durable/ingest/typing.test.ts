/** Typing (XEP-0085): whose word it is, and when it counts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { archived, BOB, carbon, receive } from "../testing/ingest.ts";
import { inRoom, ROOM, saidBy } from "../testing/room.ts";

const state = (name: string) => `<${name} xmlns='http://jabber.org/protocol/chatstates'/>`;
const says = (inside: string, from = "bob@b.example/x", to = "me@a.example") =>
  `<message xmlns='jabber:client' from='${from}' to='${to}' type='chat' id='t1'>${inside}</message>`;
const COMPOSING = { kind: "typing", chat: BOB, composing: true };

test("somebody who composes writes; in every other state they do not", () => {
  assert.deepEqual(receive(says(state("composing"))), [COMPOSING]);
  for (const name of ["active", "paused", "inactive", "gone"])
    assert.deepEqual(receive(says(state(name))), [{ ...COMPOSING, composing: false }], name);
});

test("a copy of what came to another of our apps counts, what we write there does not", () => {
  assert.deepEqual(receive(carbon("received", says(state("composing")))), [COMPOSING]);
  assert.deepEqual(receive(carbon("sent", says(state("composing"), "me@a.example/phone", "bob@b.example"))), []);
});

test("typing of the past is over: out of an archive, or kept for us while we were away", () => {
  assert.deepEqual(receive(archived(says(state("composing")))), []);
  const kept = "<delay xmlns='urn:xmpp:delay' from='a.example' stamp='2026-06-30T08:00:00Z'/>";
  assert.deepEqual(receive(says(`${state("composing")}${kept}`)), []);
});

test("a message with words tells of itself, and an error of nothing", () => {
  const kinds = receive(says(`<body>hi</body>${state("active")}`)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["message"]);
  const error = says(`${state("composing")}<error type='cancel'/>`).replace("type='chat'", "type='error'");
  assert.ok(receive(error).every(({ kind }) => kind !== "typing"));
});

test("in a room it is the occupant's, and never our own", () => {
  const event = { kind: "typing", chat: ROOM, nick: "bob", composing: true };
  assert.deepEqual(inRoom(saidBy("bob", state("composing"))), [event]);
  assert.deepEqual(inRoom(saidBy("bob", state("paused"))), [{ ...event, composing: false }]);
  assert.deepEqual(inRoom(saidBy("me", state("composing"))), []);
  assert.deepEqual(inRoom(saidBy("bob", state("composing")).replace("groupchat", "chat")), [], "to us alone");
});
