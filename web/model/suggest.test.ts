import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Position } from "../../worker/contract/names.ts";
import type { ChatSummary } from "../engine/protocol/conversations.ts";
import { meantAddress, suggestPeople } from "./suggest.ts";

const person = (jid: string, name: string, more: Partial<ChatSummary> = {}): ChatSummary => ({
  jid: jid as BareJid,
  name,
  relation: "contact",
  available: false,
  encryption: "on",
  unread: 0,
  readTo: 0 as Position,
  ...more,
});

const PEOPLE = [
  person("bob@example.org", "Bob Okafor"),
  person("okonkwo@example.org", "Álvaro Bo"),
  person("abby@bosun.example", "Abby"),
  person("spam@example.org", "bo@spam", { relation: "stranger" }),
  person("gone@example.org", "Bo", { relation: "blocked" }),
  person("rooms@example.org", "Boats", {
    room: { state: "joined", nick: "a", people: 2 } as ChatSummary["room"] & object,
  }),
];
const suggested = (typed: string, without?: readonly string[]) =>
  suggestPeople(PEOPLE, typed, new Set(without as readonly BareJid[])).map(({ jid }) => jid);

test("U15: contacts are suggested by the words of their names, then by their addresses", () => {
  assert.deepEqual(suggested("bo"), ["bob@example.org", "okonkwo@example.org"]);
  assert.deepEqual(suggested("alv"), ["okonkwo@example.org"], "accents do not matter");
  assert.deepEqual(suggested("bosun"), ["abby@bosun.example"], "a domain is looked for by more than a letter or two");
  assert.deepEqual(suggested("  OKAF "), ["bob@example.org"]);
  assert.deepEqual(suggested("zzz"), []);
});

test("U15: whoever is in it already is not suggested again", () => {
  assert.deepEqual(suggested("bo", ["bob@example.org"]), ["okonkwo@example.org"]);
});

test("U15: a name means the first who fits, an address means itself", () => {
  const people = suggestPeople(PEOPLE, "bo");
  assert.equal(meantAddress("bo", people), "bob@example.org");
  assert.equal(meantAddress("bo@elsewhere.example", people), "bo@elsewhere.example");
  assert.equal(meantAddress("zzz", []), "zzz");
});
