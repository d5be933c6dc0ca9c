import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RoomChange } from "../../worker/contract/rooms.ts";
import { roomLine } from "./room-line.ts";

const line = (what: RoomChange) => roomLine(what, new Map());

test("one line says what has become of somebody, who did it and why, as far as the room says so", () => {
  assert.equal(line({ change: "became", affiliation: "admin", nick: "Bob", by: "Anna" }), "Anna made Bob an admin.");
  assert.equal(line({ change: "became", affiliation: "admin", nick: "Bob" }), "Bob is an admin now.");
  assert.equal(
    line({ change: "became", affiliation: "outcast", nick: "Bob", by: "Anna", reason: "adverts" }),
    "Anna banned Bob. The reason: adverts",
  );
  assert.equal(line({ change: "kicked", nick: "Bob" }), "Bob was removed.");
  assert.equal(line({ change: "role", role: "visitor", nick: "Bob" }), "Bob can only read now.");
  const jid = "carol@c.example" as BareJid;
  assert.equal(line({ change: "became", affiliation: "member", jid }), "carol@c.example is a member now.");
});

test("a topic and a name stand in their line; one that is gone has words, too", () => {
  assert.equal(line({ change: "subject", text: "Newts", by: "Anna" }), "Anna set the topic: Newts");
  assert.equal(line({ change: "subject", text: "", by: "Anna" }), "Anna removed the topic.");
  assert.equal(line({ change: "name", text: "Heath" }), "The room is now called Heath.");
});

test("T24: a name that would turn the line around or hide in it is shown as any name is", () => {
  const words = line({ change: "kicked", nick: "Bob\u202egnp", by: "\u200b\u200b" });
  assert.doesNotMatch(words, /[\u202e\u200b]/);
});

test("what the reader has done, and what was done to them, is said to them", () => {
  const admin = { change: "became", affiliation: "admin", nick: "Bob" } as const;
  assert.equal(line({ ...admin, by: "alice", byUs: true }), "You made Bob an admin.");
  assert.equal(line({ ...admin, by: "Anna", ofUs: true }), "Anna made you an admin.");
  assert.equal(line({ ...admin, ofUs: true }), "You are an admin now.");
  assert.equal(line({ ...admin, by: "Bob", byUs: true, ofUs: true }), "You are an admin now.");
  assert.equal(
    line({ change: "kicked", nick: "me", by: "Anna", ofUs: true, reason: "noise" }),
    "Anna removed you. The reason: noise",
  );
  assert.equal(line({ change: "subject", text: "Newts", by: "alice", byUs: true }), "You set the topic: Newts");
  assert.equal(line({ change: "subject", text: "", by: "alice", byUs: true }), "You removed the topic.");
});
