import assert from "node:assert/strict";
import { test } from "node:test";
import { hueOf, initialOf } from "./avatar-colour.ts";

test("an address keeps its colour, and neighbours get different ones", () => {
  assert.equal(hueOf("bob@example.org"), hueOf("bob@example.org"));
  const hues = new Set(["alice", "bob", "carol", "dave", "erin"].map((name) => hueOf(`${name}@example.org`)));
  assert.equal(hues.size, 5);
});

test("colours spread over the circle", () => {
  const sixths = new Set(Array.from({ length: 60 }, (_, index) => Math.floor(hueOf(`user${index}@example.org`) / 60)));
  assert.ok(sixths.size >= 5);
});

test("the initial is a letter or a digit where the name has one", () => {
  assert.equal(initialOf("  ✨ mina"), "M");
  assert.equal(initialOf("אורי"), "א");
  assert.equal(initialOf("42nd"), "4");
  assert.equal(initialOf("🦊"), "🦊");
});
