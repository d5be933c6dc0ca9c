import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { addressOfNew, membersOfNew, NO_MEMBER } from "./new-room.ts";

const HERE = { ok: true, value: { service: "rooms.example" } } as const;

const ROWS = [
  {
    what: "words are joined by dashes",
    name: "Tea & Cake!",
    answer: HERE,
    elsewhere: "",
    is: "tea-cake@rooms.example",
  },
  { what: "the account's own service comes first", name: "x", answer: HERE, elsewhere: "other", is: "x@rooms.example" },
  {
    what: "a service that is named",
    name: "x",
    answer: undefined,
    elsewhere: " other.example ",
    is: "x@other.example",
  },
  { what: "no service is known", name: "x", answer: undefined, elsewhere: " ", is: "" },
  { what: "a name without letters", name: "!!", answer: HERE, elsewhere: "", is: "" },
] as const;

for (const { what, name, answer, elsewhere, is } of ROWS)
  test(`the address of a new room: ${what}`, () => assert.equal(addressOfNew(name, answer, elsewhere), is));

const mina = parseBareJid("mina@home.example") ?? assert.fail();

test("U15: whoever still stands in the field is in the new room, contact or not", () => {
  assert.deepEqual(membersOfNew([mina], " Bob@elsewhere.example "), {
    ok: true,
    value: [mina, "bob@elsewhere.example"],
  });
  assert.deepEqual(membersOfNew([mina], mina), { ok: true, value: [mina] });
  assert.deepEqual(membersOfNew([mina], " "), { ok: true, value: [mina] });
});

test("U15: words that name nobody are refused, not left out", () => {
  for (const words of ["bob", "bob@", "@elsewhere.example"])
    assert.deepEqual(membersOfNew([], words), { ok: false, error: NO_MEMBER }, words);
});
