import assert from "node:assert/strict";
import { test } from "node:test";
import { isVisible, withoutBlankEdges, withoutDirections, withoutStrayClosings } from "./visible.ts";

test("M6: what draws nothing is not visible, alone or together", () => {
  const nothing = [
    "",
    " \n\t",
    "\u200b",
    "\u200b\u200d\ufeff",
    "\u2060\u00ad",
    "\u3164",
    "\u2800",
    "\u034f",
    "\u202e\u202c",
    "\u{e0041}",
    "\u0000\u0007",
    "\ud800",
  ];
  for (const text of nothing) assert.equal(isVisible(text), false, JSON.stringify(text));
  for (const text of [".", "\u200b.", "🏔️", "نعم", "é", "­x", "\ue000"]) assert.equal(isVisible(text), true, text);
});

test("M5: the indentation of the first line is part of the text, blank lines around it are not", () => {
  const code = "    if x:\n        return 1";
  for (const typed of [code, `\n${code}`, `  \n\t\n${code}\n\n  `]) assert.equal(withoutBlankEdges(typed), code);
  assert.equal(withoutBlankEdges(" \n \n"), "");
  assert.equal(withoutBlankEdges("  one  "), "one");
  assert.equal(withoutBlankEdges("\n  one  \n"), "one");
});

test("marks that would turn the words around, or end their isolation, are taken out", () => {
  assert.equal(withoutDirections("a\u202eb\u2066c\u2069\u200e"), "abc\u200e");
  assert.equal(withoutStrayClosings("a\u2069b\u2066c\u2069d\u2069\u2069"), "ab\u2066c\u2069d");
});
