import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { ShownItem } from "./corrections.ts";
import { Writing } from "./writing.ts";

const item = (text: string): ShownItem => ({
  key: text,
  chat: "bob@example.org" as BareJid,
  position: 1 as Position,
  at: 0,
  outgoing: true,
  encrypted: true,
  body: { kind: "text", text },
});

const state = (writing: Writing) => [writing.mode.value.kind, writing.text.value];

test("an edit begins with the old text; leaving it brings back what was being written, and what it answered", () => {
  const writing = new Writing();
  writing.text.value = "half a thou";
  writing.answer(item("a question"));
  writing.edit(item("see you at sx"));
  assert.deepEqual(state(writing), ["edit", "see you at sx"]);
  writing.text.value = "see you at se";
  writing.edit(item("another one"));
  assert.deepEqual(state(writing), ["edit", "another one"]);
  assert.equal(writing.cancel(), true);
  assert.deepEqual(state(writing), ["answer", "half a thou"]);
  assert.equal(writing.cancel(), true);
  assert.deepEqual(state(writing), ["message", "half a thou"]);
  assert.equal(writing.cancel(), false);
});

test("an edit that is sent brings back what was being written", () => {
  const writing = new Writing();
  writing.text.value = "half a thou";
  writing.edit(item("see you at sx"));
  writing.text.value = " see you at six ";
  const written = writing.take();
  assert.equal(written?.text, "see you at six");
  assert.ok(written?.mode.kind === "edit" && written.mode.of.key === "see you at sx");
  assert.deepEqual(state(writing), ["message", "half a thou"]);
});

test("an unchanged text is not sent and the edit is over; an emptied one is not sent and the edit goes on", () => {
  const writing = new Writing();
  writing.edit(item("as it was"));
  writing.text.value = "  ";
  assert.equal(writing.take(), undefined);
  assert.deepEqual(state(writing), ["edit", "  "]);
  writing.text.value = "as it was\n";
  assert.equal(writing.take(), undefined);
  assert.deepEqual(state(writing), ["message", ""]);
});

test("an answer keeps what is written already, is taken once, and takes the place of an edit", () => {
  const writing = new Writing();
  writing.text.value = "yes";
  writing.edit(item("something else"));
  writing.answer(item("coffee?"));
  assert.deepEqual(state(writing), ["answer", "yes"]);
  const written = writing.take();
  assert.ok(written?.mode.kind === "answer" && written.mode.to.key === "coffee?");
  assert.deepEqual(state(writing), ["message", ""]);
  assert.equal(writing.take(), undefined);
});

test("M5: the indentation of pasted lines is sent as it was", () => {
  const writing = new Writing();
  writing.text.value = "\n    if x:\n        return 1\n";
  assert.equal(writing.take()?.text, "    if x:\n        return 1");
});

test("M6: nothing is sent where nothing can be seen, and what was written stays", () => {
  const writing = new Writing();
  for (const nothing of ["\u200b", " \u2060\n", "\u2800"]) {
    writing.text.value = nothing;
    assert.equal(writing.take(), undefined);
    assert.deepEqual(state(writing), ["message", nothing]);
  }
});
