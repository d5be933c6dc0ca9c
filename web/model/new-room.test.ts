import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOfNew } from "./new-room.ts";

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
