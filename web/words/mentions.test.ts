import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { calledIn, speakersOf, mentions, namesIn } from "./mentions.ts";

test("a nickname is named as a word of its own, whatever its case and the signs around it", () => {
  for (const text of [
    "alice",
    "@Alice",
    "hey ALICE!",
    "alice: look",
    "(alice)",
    "and alice's",
    "*alice*",
    "a\n@alice, b",
  ])
    assert.ok(mentions(text, "Alice"), text);
});

test("part of another word, and of an address, is nobody's name", () => {
  for (const text of [
    ...["malice", "alices", "alice2", "_alice", "alice_b", "Алиalice", "alicé"],
    ...["alice@example.org", "https://example.org/alice", "alice.example.org", "bob@alice", "#alice", "alice-b", ""],
  ])
    assert.ok(!mentions(text, "alice"), text);
});

test("what a text only repeats names nobody", () => {
  assert.ok(!mentions("> alice said so\nno", "alice"));
  assert.ok(mentions("> alice said so\nyes, alice", "alice"));
  assert.deepEqual(namesIn("> alice\nalice", "alice"), [{ from: 8, to: 13 }]);
});

test("a name of signs and spaces is taken as it stands", () => {
  assert.ok(mentions("ask a.b (c)*", "a.b (c)*"));
  assert.ok(!mentions("ask axb (c)*", "a.b (c)*"));
  assert.ok(mentions("hello Mary  Ann", "mary ann"));
  assert.ok(!mentions("anything", " "));
});

test("a name may hold any sign, and is looked for up to a length", () => {
  for (let code = 0; code < 0x250; code += 1) {
    const nick = `x${String.fromCharCode(code)}y`;
    assert.ok(mentions(`to ${nick}, hello`, nick), JSON.stringify(nick));
  }
  assert.ok(!mentions("\ud800", "\ud800x"));
  assert.ok(!mentions("a".repeat(200), "a".repeat(200)));
});

test("a name of one letter is named only behind a sign", () => {
  assert.ok(!mentions("a cat", "a"));
  assert.ok(mentions("ask @a", "A"));
});

test("a long text of names is read in a moment", () => {
  const text = "alice ".repeat(10_000);
  const began = performance.now();
  assert.equal(namesIn(text, "alice").length, 10_000);
  assert.equal(namesIn("@".repeat(60_000), "alice").length, 0);
  assert.ok(performance.now() - began < 1_000);
});

const [ANN, LEE, ROB] = ["ann@a.example", "lee@a.example", "rob@a.example"] as BareJid[];
const said = (nick: string, jid?: BareJid, outgoing = false) => ({ author: { nick, ...(jid && { jid }) }, outgoing });

test("others are called by an @ and their name; the longer of two names is meant; our own needs no sign", () => {
  const others = speakersOf([said("Ann", ANN), said("Ann Lee", LEE), said("Rob", ROB)]);
  const called = (text: string, self?: string) =>
    calledIn(text, self, others).map(({ from, to, jid }) => [text.slice(from, to), jid]);
  assert.deepEqual(called("@ann, ask @Ann Lee or Rob"), [
    ["@ann", ANN],
    ["@Ann Lee", LEE],
  ]);
  assert.deepEqual(called("alice and @Rob", "Alice"), [
    ["alice", undefined],
    ["@Rob", ROB],
  ]);
  assert.deepEqual(called("write to me@rob or x@rob.example, @Robert"), []);
  assert.deepEqual(called("> @Rob said so"), []);
});

test("S18: a name that leads to nobody for sure leads to nobody", () => {
  const others = speakersOf([said("Ann", ANN), said("ann", LEE), said("Rob"), said("Lee", LEE, true)]);
  assert.deepEqual(calledIn("@Ann @Rob @Lee", undefined, others), []);
  const again = speakersOf([said("Ann", ANN), said("Ann", LEE), said("Ann", ANN)]);
  assert.deepEqual(calledIn("@Ann", undefined, again), []);
});
