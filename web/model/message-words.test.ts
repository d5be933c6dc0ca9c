import assert from "node:assert/strict";
import { test } from "node:test";
import { actionIn, holdsFile, insteadOf, lineOf, plainWords, unmarkedWords } from "./message-words.ts";

const KEY = "0f".repeat(44);
const FILE = `aesgcm://up.example/a%20b.jpg#${KEY}`;

test("M6: a message in which nothing can be seen says so", () => {
  for (const words of ["\u200b", " \n ", "\u2800\u3164"]) assert.equal(insteadOf(words), "instead--empty");
  assert.equal(insteadOf("\u200bhello"), undefined);
});

test("P8: a file has a line in its place, with the small picture that some apps add", () => {
  for (const words of [FILE, ` ${FILE}\n`, FILE.toUpperCase(), `${FILE}\ndata:image/jpeg,AAAA`, `${FILE}\n${FILE}`])
    assert.equal(insteadOf(words), "instead--file", words);
  for (const words of [`see ${FILE}`, `${FILE}\nmy dog`, "aesgcm: what is that?", "a file"])
    assert.equal(insteadOf(words), undefined, words);
});

test("P8: no key of a file is in a line of the list, a quote, or on the clipboard, wherever the text was cut", () => {
  const texts = [
    FILE,
    `see ${FILE}`,
    `${FILE}\nmy dog`,
    `"${FILE}"`,
    `> ${FILE}\nnice`,
    `x${FILE})`,
    FILE.toUpperCase(),
    `https://example.org/?${FILE}`,
    `xmpp:${FILE}`,
  ];
  for (const words of texts) {
    for (let length = words.length; length > 0; length -= 7)
      assert.doesNotMatch(plainWords(words.slice(0, length)), /0f|#/i, words.slice(0, length));
    assert.equal(holdsFile(words), true);
  }
  assert.equal(plainWords(`see ${FILE} now`), "see [a file] now");
});

test("P8: a line of OTR is not shown as it is", () => {
  for (const words of [
    "?OTR:AAMDJ+MVmSfjFZcAAAAAAQAAAAIAAADA1g5IjD1ZGLDVQEyCgCyn9hb.",
    "?OTRv23?\nbob has requested …",
    "?OTR?",
    "?OTR,1,3,?OTR:AA,",
    "?OTR|5a73a599|27e31597,00001,00003,AA",
  ])
    assert.equal(insteadOf(words), "instead--otr", words);
  for (const words of ["?OTRanto", "what is ?OTR:", "OTR?"]) assert.equal(insteadOf(words), undefined, words);
});

test("any other text is what was written", () => {
  for (const words of ["hello", "  <b>x</b>", "https://example.org/_"]) assert.equal(plainWords(words), words);
});

test("a line about a message is without the marks of its style, unless it asks to be shown as it is written", () => {
  const body = { kind: "text", text: "> *old*\n\n_new_ `words`" } as const;
  assert.equal(lineOf({ body }), "old\nnew words");
  assert.equal(lineOf({ body, unstyled: true }), body.text);
  assert.equal(unmarkedWords(`*see* ${FILE}`), "see [a file]");
  assert.equal(unmarkedWords(FILE), plainWords(FILE));
});

test("what somebody does is said behind `/me ` (XEP-0245)", () => {
  assert.equal(actionIn("/me waves"), "waves");
  for (const words of ["/me", "/me ", "/meh", " /me waves", "/ME waves"])
    assert.equal(actionIn(words), undefined, words);
});
