import assert from "node:assert/strict";
import { it } from "node:test";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import type { SearchQuery } from "../protocol/search.ts";
import { OWN } from "../store/sheet-lines.ts";
import { hasLink, type Match, oldestIn, questionOf, scan } from "./scan.ts";

const BOB = "bob@b.example" as BareJid;
const CAROL = "carol@c.example" as BareJid;
const ROOM = "room@r.example" as BareJid;

const SHEET = [
  ["k1", 10, BOB, "", "good morning"],
  ["k2", 20, BOB, OWN, "good evening, morning person"],
  ["k3", 30, ROOM, `${CAROL} carol the great`, "https://a.example is good"],
  ["k4", 40, ROOM, " nobody", "evening in the room"],
]
  .map((line) => `\n${line.join("\t")}`)
  .join("");

function found(query: Partial<SearchQuery>): string {
  const into: Match[] = [];
  scan(SHEET, questionOf({ words: [], chats: [BOB, ROOM], ...query }), into);
  return into.map(({ key }) => key).join(" ");
}

it("U17: all words have to be there, each anywhere", () => {
  assert.equal(found({}), "k1 k2 k3 k4");
  assert.equal(found({ words: ["good"] }), "k1 k2 k3");
  assert.equal(found({ words: ["ood", "even"] }), "k2");
  assert.equal(found({ words: ["good morning"] }), "k1");
  assert.equal(found({ words: ["absent"] }), "");
});

it("U17: neither keys nor addresses are words", () => {
  assert.equal(found({ words: ["k1"] }), "");
  assert.equal(found({ words: ["b.example"] }), "");
  assert.equal(found({ words: ["carol"] }), "");
});

it("U17: conversation, author, time and links bound it", () => {
  assert.equal(found({ chats: [ROOM] }), "k3 k4");
  assert.equal(found({ chats: [] }), "");
  assert.equal(found({ from: { own: true, people: [] } }), "k2");
  assert.equal(found({ from: { own: false, people: [BOB] } }), "k1");
  assert.equal(found({ from: { own: false, people: [CAROL] } }), "k3");
  assert.equal(found({ from: { own: false, people: [], nick: "great" } }), "k3");
  assert.equal(found({ since: 20 as Time, until: 40 as Time }), "k2 k3");
  assert.equal(found({ link: true }), "k3");
});

it("U17: the oldest text of each conversation says how far it reaches", () => {
  assert.deepEqual(
    [...oldestIn(SHEET)],
    [
      [BOB, 10],
      [ROOM, 30],
    ],
  );
  assert.deepEqual([...oldestIn("")], []);
});

it("U17: a link is what is shown as one", () => {
  for (const words of ["see https://a.example", "www.a.example", "(xmpp:a@b.example)", "write to bob@b.example"])
    assert.ok(hasLink(words), words);
  for (const words of ["a: b", "www", "at 5 @ noon", "xmpp: is a word", "https:// nothing"])
    assert.ok(!hasLink(words), words);
});

it("U17: hostile lines and words cost what their length does", () => {
  const into: Match[] = [];
  const lines = `\nk\t1\t${BOB}\t\t${"a".repeat(200_000)}`.repeat(5);
  const began = performance.now();
  scan(lines, questionOf({ words: ["a".repeat(200), "aa", "a"], chats: [BOB], link: true }), into);
  scan(`\nk\t1\t${BOB}\t\t${"a.b-".repeat(50_000)}`, questionOf({ words: [], chats: [BOB], link: true }), into);
  scan(`\nk\t1\t${BOB}\t\t${"www.".repeat(50_000)}`, questionOf({ words: [], chats: [BOB], link: true }), into);
  // Some milliseconds; what is asserted leaves much for a machine that is busy.
  assert.ok(performance.now() - began < 2_000);
});
