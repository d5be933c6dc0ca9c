import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomPerson } from "../../engine/protocol/conversations.ts";
import { completed, typedWord } from "./completion.ts";
import { namedPeople } from "./named-people.ts";

const at = (text: string, people = true) => typedWord(text, text.length, people);
const person = (nick: string | undefined, more: Partial<RoomPerson> = {}): RoomPerson => ({
  ...(nick !== undefined && { nick }),
  ...{ affiliation: "member", here: true, self: false, unable: false },
  ...more,
});

test("a name begins behind an at sign that stands alone, and only where there are people", () => {
  assert.deepEqual(at("hi @bo"), { kind: "person", from: 3, to: 6, typed: "bo" });
  assert.deepEqual(at("@"), { kind: "person", from: 0, to: 1, typed: "" });
  assert.equal(at("hi @bo", false), undefined);
  for (const text of ["bob@ex", "@bob ", "@a@", "", "hello"]) assert.equal(at(text), undefined, text);
  assert.deepEqual(typedWord("@bo and more", 3, true), { kind: "person", from: 0, to: 3, typed: "bo" });
});

test("an emoji begins behind a colon, with two letters; the second colon closes it", () => {
  assert.deepEqual(at(":ta"), { kind: "emoji", from: 0, to: 3, typed: "ta" });
  assert.deepEqual(at("so :tada:"), { kind: "emoji", from: 3, to: 9, typed: "tada", closed: true });
  assert.equal(at(":+1:")?.typed, "+1");
  for (const text of [":", ":D", ":)", "at 12:30", "https://ex", "a:tada", ":ta da"])
    assert.equal(at(text), undefined, text);
});

test("what is chosen stands in the place of what was typed, with one space behind", () => {
  assert.deepEqual(completed("hi @bo", { kind: "person", from: 3, to: 6, typed: "bo" }, "@Bob"), {
    text: "hi @Bob ",
    caret: 8,
  });
  assert.deepEqual(completed(":ta now", { kind: "emoji", from: 0, to: 3, typed: "ta" }, "🎉"), {
    text: "🎉 now",
    caret: 3,
  });
});

test("who has spoken last is offered first, then who is there; not we ourselves, nor who cannot be named", () => {
  const people = [
    person("Zoe"),
    person("anna", { here: false }),
    person("Bob", { jid: "robert@example.org" as BareJid }),
    person("me", { self: true }),
    person("a\nb"),
    person(undefined),
  ];
  const nicks = (typed: string, spoken: readonly string[] = []) =>
    namedPeople(people, typed, spoken).map(({ nick }) => nick);
  assert.deepEqual(nicks(""), ["Bob", "Zoe", "anna"]);
  assert.deepEqual(nicks("", ["anna", "Zoe"]), ["anna", "Zoe", "Bob"]);
  assert.deepEqual([nicks("ZO"), nicks("rob"), nicks("x")], [["Zoe"], ["Bob"], []]);
});
