import assert from "node:assert/strict";
import { it } from "node:test";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import { NOTHING_READ } from "../../engine/protocol/conversations.ts";
import type { ShownChat } from "../chats.ts";
import { isComplete, openFilter, parseTyped, queryOf, takeFilters, timeOf, withoutOpenFilter } from "./query.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const ANNA = "anna@b.example" as BareJid;
const ROOM = "walks@r.example" as BareJid;

const chat = (jid: BareJid, name: string, more: Partial<ShownChat> = {}): [BareJid, ShownChat] => [
  jid,
  {
    ...({
      jid,
      name,
      relation: "contact",
      available: false,
      encryption: "on",
      unread: 0,
      readTo: NOTHING_READ,
    } as const),
    last: { key: "k", at: 1 as Time, outgoing: false, body: { kind: "text", text: "" } },
    ...more,
  },
];
const room = { state: "joined", nick: "me", people: 2, unable: [], undecided: [], changed: [], newcomers: [] } as const;
const chats = new Map([chat(BOB, "Bob"), chat(ANNA, "Anna Müller"), chat(ROOM, "Ridge walks", { room })]);
const query = (typed: string) => queryOf(parseTyped(typed), { chats, account: ALICE });

it("U17: words are divided by white space, and what stands in quotes is one", () => {
  assert.deepEqual(parseTyped('  Two  "quoted Words" Straße ').words, ["two", "quoted words", "strasse"]);
  assert.deepEqual(parseTyped("“open quote").words, ["open quote"]);
  assert.deepEqual(parseTyped('"" twice twice').words, ["twice"]);
  assert.deepEqual(parseTyped("http://a.example from here").words, ["http://a.example", "from", "here"]);
});

it("U17: filters bound it, as typed words or in quotes; what is none is looked for as it stands", () => {
  assert.deepEqual(parseTyped('from:bob FROM:"Anna M" has:link x').filters, [
    { kind: "from", value: "bob" },
    { kind: "from", value: "Anna M" },
    { kind: "has", value: "link" },
  ]);
  assert.deepEqual(parseTyped("has:cheese before:noon to:bob").words, ["has:cheese", "before:noon", "to:bob"]);
});

it("U17: a filter becomes a chip when white space follows it, and the rest stays as it was typed", () => {
  assert.deepEqual(takeFilters("see from:bob  more"), { taken: [{ kind: "from", value: "bob" }], rest: "see  more" });
  for (const typed of ["from:bob", "from: x", "before:2025-1 x", 'from:"Anna M'])
    if (typed !== "before:2025-1 x") assert.deepEqual(takeFilters(typed), { taken: [], rest: typed });
  assert.deepEqual(openFilter("x from:an"), { kind: "from", value: "an" });
  assert.equal(openFilter("from:an "), undefined);
  assert.equal(openFilter("before:2025"), undefined);
  assert.equal(withoutOpenFilter("x from:an"), "x ");
});

it("U17: dates are years, months and days of this place; the 31st of February is none", () => {
  assert.equal(timeOf("2025"), new Date(2025, 0, 1).getTime());
  assert.equal(timeOf("2025-06"), new Date(2025, 5, 1).getTime());
  assert.equal(timeOf("2025-6-9"), new Date(2025, 5, 9).getTime());
  for (const wrong of ["2025-02-31", "2025-13", "25", "2025-00", "0001", ""]) assert.equal(timeOf(wrong), undefined);
  assert.equal(isComplete({ kind: "before", value: "2025-02-31" }), false);
});

it("U17: names lead to conversations and people, an address to what it is, and nobody to nothing", () => {
  assert.equal(query("  "), undefined);
  assert.equal(query("from:"), undefined);
  assert.deepEqual(query("tea")?.chats, [BOB, ANNA, ROOM]);
  assert.deepEqual(query("in:ridge tea")?.chats, [ROOM]);
  assert.deepEqual(query("in:b.example tea")?.chats, [BOB, ANNA]);
  assert.deepEqual(query(`in:${BOB} in:walk`)?.chats, [BOB, ROOM]);
  assert.deepEqual(query("in:nobody tea")?.chats, []);
  assert.deepEqual(query("from:muller")?.from, { own: false, people: [ANNA, "muller"], nick: "muller" });
  assert.deepEqual(query("from:me")?.from?.own, true);
  assert.deepEqual(query(`from:${ALICE}`)?.from?.own, true);
  assert.equal(query("has:link")?.link, true);
  const both = query("after:2024 before:2025 before:2024-06 x");
  assert.deepEqual([both?.since, both?.until], [timeOf("2024"), timeOf("2024-06")]);
});

it("U17: whatever is typed becomes words and filters, at once", () => {
  let seed = 11;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const pieces = [
    '"',
    "“",
    "from:",
    "in:",
    "before:",
    "has:",
    " ",
    "\t",
    "2025-",
    "me",
    "\u0301",
    "😀",
    "\ud800",
    ":",
    "ß",
    "(((",
    "\\",
    "%",
    "\0",
  ];
  for (let round = 0; round < 3_000; round += 1) {
    const typed = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join("");
    const { words } = parseTyped(typed);
    assert.ok(
      words.every((word) => word !== "" && !/[\t\n]/.test(word)),
      JSON.stringify(typed),
    );
    const { taken, rest } = takeFilters(typed);
    assert.ok(rest.length <= typed.length && taken.every(isComplete), JSON.stringify(typed));
    assert.deepEqual(takeFilters(rest).taken, [], JSON.stringify(typed));
    query(typed);
  }
  const began = performance.now();
  for (const piece of ['"', "from:", "a ", 'x"', 'in:" ']) query(piece.repeat(100_000));
  assert.ok(performance.now() - began < 1_000);
  assert.ok(parseTyped("a b c d e f g h i j k l m n o p q r s t").words.length <= 16);
});
