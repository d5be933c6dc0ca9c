import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RoomPerson } from "../engine/protocol/conversations.ts";
import { actsOn, callOf } from "./room-powers.ts";

const ROOM = "room@conference.a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const OWNER = { affiliation: "owner", role: "moderator" } as const;
const ADMIN = { affiliation: "admin", role: "moderator" } as const;
const MEMBER = { affiliation: "member", role: "participant" } as const;
const MODERATOR = { affiliation: "none", role: "moderator" } as const;
const PRIVATE = { closed: true, moderated: false };
const OPEN = { closed: false, moderated: false };

const person = (affiliation: RoomPerson["affiliation"], more: Partial<RoomPerson> = {}): RoomPerson => {
  const role = affiliation === "owner" || affiliation === "admin" ? "moderator" : "participant";
  return { jid: BOB, nick: "bob", affiliation, role, here: true, self: false, unable: false, ...more };
};

test("XEP-0045 §5.2.1: whoever is above somebody may do this about them, and nobody else anything", () => {
  const rows = [
    [OWNER, "owner", ["admin", "member", "remove", "ban"]],
    [OWNER, "admin", ["owner", "member", "remove", "ban"]],
    [OWNER, "member", ["owner", "admin", "moderator", "remove", "ban"]],
    [ADMIN, "owner", []],
    [ADMIN, "admin", []],
    [ADMIN, "member", ["moderator", "remove", "ban"]],
    [MEMBER, "member", []],
    [MEMBER, "owner", []],
  ] as const;
  for (const [own, theirs, acts] of rows)
    assert.deepEqual(actsOn(own, person(theirs), PRIVATE), acts, `${own.affiliation} about ${theirs}`);
});

test("in a room for everybody people are put out and silenced; a moderator alone does not ban", () => {
  assert.deepEqual(actsOn(ADMIN, person("none"), OPEN), ["member", "moderator", "mute", "kick", "ban"]);
  assert.deepEqual(actsOn(MODERATOR, person("none"), OPEN), ["mute", "kick"]);
  assert.deepEqual(actsOn(MODERATOR, person("none", { role: "visitor" }), OPEN), ["voice", "kick"]);
  assert.deepEqual(actsOn(MODERATOR, person("admin"), OPEN), []);
  assert.deepEqual(actsOn(MODERATOR, person("none", { role: "moderator" }), OPEN), []);
});

test("somebody who is away has no role, somebody without an address no rank to change", () => {
  const { nick: _nick, role: _role, ...away } = person("member", { here: false });
  assert.deepEqual(actsOn(OWNER, away, PRIVATE), ["owner", "admin", "remove", "ban"]);
  const { jid: _jid, ...hidden } = person("none");
  assert.deepEqual(actsOn(OWNER, hidden, OPEN), ["moderator", "mute", "kick"]);
});

test("about ourselves: an owner may give it up", () => {
  assert.deepEqual(actsOn(OWNER, person("owner", { self: true }), PRIVATE), ["step-down"]);
  assert.deepEqual(actsOn(ADMIN, person("admin", { self: true }), PRIVATE), []);
});

test("an act is a change of what somebody is, by address, or of what they may do, by name", () => {
  assert.deepEqual(callOf("ban", ROOM, { jid: BOB }, "spam"), {
    call: "affiliate",
    about: { room: ROOM, jid: BOB, affiliation: "outcast", reason: "spam" },
  });
  assert.deepEqual(callOf("kick", ROOM, { nick: "bob" }), {
    call: "setRole",
    about: { room: ROOM, nick: "bob", role: "none" },
  });
  assert.equal(callOf("ban", ROOM, { nick: "bob" }), undefined);
  assert.equal(callOf("mute", ROOM, { jid: BOB }), undefined);
});
