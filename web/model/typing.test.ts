import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { Typing, typingWords } from "./typing.ts";

const BOB = "bob@b.example" as BareJid;
const ROOM = "room@rooms.example" as BareJid;

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("who writes is named: one, two, more", () => {
  assert.equal(typingWords(undefined, "Bob"), undefined);
  assert.equal(typingWords([], "Bob"), undefined);
  assert.equal(typingWords([""], "Bob"), "Bob is typing…");
  assert.equal(typingWords(["anna"], "Ridge walks"), "anna is typing…");
  assert.equal(typingWords(["anna", "rui"], "Ridge walks"), "anna and rui are typing…");
  assert.equal(typingWords(["anna", "rui", "mina"], "Ridge walks"), "3 people are typing…");
});

test("S18: a nickname of other directions or without a letter leaves the sentence alone", () => {
  assert.equal(typingWords(["\u202eanna"], "x")?.includes("\u202e"), false);
  assert.equal(typingWords(["\u200b"], "x"), "? is typing…");
});

test("somebody who never says that they have stopped is believed for two minutes", () => {
  const typing = new Typing();
  typing.tell(BOB, [""]);
  mock.timers.tick(60_000);
  typing.tell(BOB, [""]);
  mock.timers.tick(119_000);
  assert.deepEqual(typing.now.peek().get(BOB), [""]);
  mock.timers.tick(1_000);
  assert.equal(typing.now.peek().has(BOB), false);
});

test("when nobody can tell any more nobody writes", () => {
  const typing = new Typing();
  typing.tell(BOB, [""]);
  typing.tell(ROOM, ["anna"]);
  typing.clear();
  assert.equal(typing.now.peek().size, 0);
});
