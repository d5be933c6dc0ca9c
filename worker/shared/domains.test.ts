import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDomains } from "./domains.ts";

test("A4: domains may be written in any case, with commas or spaces, in Unicode or as A-labels", () => {
  for (const list of [
    "Example.net München.example",
    "example.net,münchen.example",
    " EXAMPLE.NET. ;\n xn--mnchen-3ya.EXAMPLE ",
  ]) {
    assert.deepEqual(parseDomains(list), ["example.net", "münchen.example"], list);
  }
});

test("A4: an empty list is empty, and one in which nothing can be read is not", () => {
  assert.deepEqual(parseDomains(" , "), []);
  assert.deepEqual(parseDomains("*.example.net"), ["*.example.net"]);
});
