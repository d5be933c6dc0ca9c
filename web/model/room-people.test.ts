import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RoomPerson } from "../engine/protocol/conversations.ts";
import { peopleFound } from "./room-people.ts";

const person = (nick: string | undefined, jid?: string, more: Partial<RoomPerson> = {}): RoomPerson => ({
  ...(nick !== undefined && { nick }),
  ...(jid !== undefined && { jid: jid as BareJid }),
  affiliation: "none",
  here: nick !== undefined,
  self: false,
  unable: false,
  ...more,
});

test("somebody is found by their name there or their address, without case and accents", () => {
  const people = [person("José", "j@a.example"), person("Mina"), person(undefined, "away@b.example")];
  const found = (words: string) => peopleFound(people, words).map(({ nick, jid }) => nick ?? jid);
  assert.deepEqual(found("JOSE"), ["José"]);
  assert.deepEqual(found("b.ex"), ["away@b.example"]);
  assert.deepEqual(found(" "), ["José", "Mina", "away@b.example"]);
  assert.deepEqual(found("nobody"), []);
});
