import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { addressText, alikeNicks, lookAlikes, shownName } from "./names.ts";

const BOB = "bob@example.org" as BareJid;
const MINA = "mina@example.org" as BareJid;
const OWN = "alice@example.org" as BareJid;

const alikeOf = (...named: readonly (readonly [name: string, jid: string])[]) =>
  [
    ...lookAlikes(
      named.map(([name, jid]) => ({ name, jid: jid as BareJid })),
      OWN,
    ),
  ].sort();

test("a name is one line, has an end, and turns nothing around it", () => {
  const names = [
    ["Bob", "Bob"],
    ["  Bob \n Okafor\u0000\t", "Bob Okafor"],
    ["\u202eboB\u202c", "boB"],
    ["Bo\u200bb\u2066", "Bo b"],
    ["نور", "نور"],
    ["👩‍🚀", "👩‍🚀"],
    ["می‌خواهم", "می‌خواهم"],
    [`${"a".repeat(79)}b`, `${"a".repeat(79)}b`],
    ["a".repeat(100_000), `${"a".repeat(79)}…`],
    ["🏔".repeat(60), `${"🏔".repeat(39)}…`],
  ] as const;
  for (const [given, shown] of names) assert.equal(shownName(given, "?"), shown, JSON.stringify(given.slice(0, 20)));
});

test("a name in which nothing can be seen is none", () => {
  for (const nothing of ["", " \n", "\u200b", "\u2800", "\u3164\u202e"]) assert.equal(shownName(nothing, BOB), BOB);
});

test("S18: beside a domain that mixes alphabets, or passes for a Latin one, stands its ASCII form", () => {
  assert.equal(addressText("bob@exаmple.org"), "bob@exаmple.org (xn--exmple-4nf.org)");
  assert.equal(addressText("bob@аррӏе.com"), "bob@аррӏе.com (xn--80ak6aa92e.com)");
  assert.equal(addressText("bob@שלוםسلام.example"), "bob@שלוםسلام.example (xn--9dbne9b7unc3fj.example)");
  assert.match(addressText("bob@bank-книги.example"), / \(xn--/);
  for (const plain of ["a@शब्द.example", "a@한국어.example", "a@中文網.example", "a@日本abc.example", "a@ไทย.example"])
    assert.equal(addressText(plain), plain);
  for (const plain of [BOB, "jiři@čechy.example", "a@例え.テスト", "bob@книги.example", "a@bücher.example"])
    assert.equal(addressText(plain), plain);
});

test("S18: two contacts with one name, or with names that look the same, are told apart", () => {
  for (const other of [
    "Bob Okafor",
    "bob okafor",
    "Воb Okafor",
    "Bob\u200b  Okafor",
    "B0b Okafor",
    "Ｂｏｂ Okafor",
    "Bób Okafor",
  ])
    assert.deepEqual(alikeOf(["Bob Okafor", BOB], [other, "bob@evil.example"]), ["bob@evil.example", BOB], other);
  assert.deepEqual(alikeOf(["Bob", BOB], ["Mina", MINA]), []);
});

test("S18: within Arabic, and between kana and Han, what is drawn alike is alike", () => {
  const pairs = [
    ["علي", "علی"],
    ["كريم", "کریم"],
    ["ロ力", "口カ"],
    ["夕日", "タ日"],
  ] as const;
  for (const [one, other] of pairs)
    assert.deepEqual(alikeOf([one, BOB], [other, "bob@evil.example"]), ["bob@evil.example", BOB], other);
  assert.deepEqual(alikeOf(["علي", BOB], ["عمر", MINA]), []);
});

test("S18: an address that looks like a contact's, or like our own, is marked, however it is called", () => {
  assert.deepEqual(alikeOf(["Mina", MINA], ["m", "rnina@example.org"]), [MINA, "rnina@example.org"]);
  assert.deepEqual(alikeOf(["x", "аlice@example.org"]), [OWN, "аlice@example.org"].sort());
  assert.deepEqual(alikeOf(["Bob", BOB], ["bob@example.org", "eve@evil.example"]), [BOB, "eve@evil.example"]);
});

test("S18: letters of several alphabets within a word are marked, several languages are not", () => {
  assert.deepEqual(alikeOf(["Mаrie", "m@example.org"]), ["m@example.org"]);
  assert.deepEqual(alikeOf(["Мария (Marie)", "m@example.org"], ["例え Bob", "b@example.org"]), []);
});

test("T24: a nickname that looks like another one is marked, and so is that one", () => {
  const nicks = (...names: readonly string[]) => [...alikeNicks(names.map((nick) => ({ nick })))].sort();
  for (const other of ["bob", "Воb", "Bob\u200b", "\u202eBob", "Bob ", "B0b", "ᏴOᏴ"])
    assert.deepEqual(nicks("Bob", "Mina", other), ["Bob", other].sort(), JSON.stringify(other));
  assert.deepEqual(nicks("Bob", "Bob", "Mina"), []);
  assert.deepEqual(nicks("mоderator"), ["mоderator"]);
});

test("T24: one nickname of two people is marked where the room tells who they are", () => {
  assert.deepEqual(
    [
      ...alikeNicks([
        { nick: "Bob", jid: BOB },
        { nick: "Bob", jid: MINA },
      ]),
    ],
    ["Bob"],
  );
  assert.deepEqual([...alikeNicks([{ nick: "Bob", jid: BOB }, { nick: "Bob" }, { nick: "Bob", jid: BOB }])], []);
  assert.deepEqual([...alikeNicks([{ nick: "Bob" }, { nick: "Bob", jid: BOB }, { nick: "Bob", jid: MINA }])], ["Bob"]);
});
