import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { PAUSED_AFTER_MS, TypingTeller } from "./typing.ts";

let told: string[] = [];
let typing: TypingTeller;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  told = [];
  typing = new TypingTeller((state) => told.push(state));
});
afterEach(() => mock.timers.reset());

test("a person who writes on and on is told of once; when they rest, once more", () => {
  for (const text of ["h", "he", "hel", "hell", "hello"]) {
    typing.wrote(text);
    mock.timers.tick(PAUSED_AFTER_MS - 1);
  }
  assert.deepEqual(told, ["composing"]);
  mock.timers.tick(1);
  typing.wrote("hello,");
  assert.deepEqual(told, ["composing", "paused", "composing"]);
});

test("what is taken away again was nothing, and blanks are no words", () => {
  typing.wrote("  ");
  assert.deepEqual(told, []);
  typing.wrote("h");
  typing.wrote("");
  mock.timers.tick(PAUSED_AFTER_MS);
  assert.deepEqual(told, ["composing", "active"]);
});

test("a message that was sent says itself that it is over", () => {
  typing.wrote("h");
  typing.sent();
  mock.timers.tick(PAUSED_AFTER_MS);
  typing.rest();
  assert.deepEqual(told, ["composing"]);
  typing.wrote("n");
  assert.deepEqual(told, ["composing", "composing"]);
});

test("whoever looks away rests at once", () => {
  typing.wrote("h");
  typing.rest();
  typing.rest();
  mock.timers.tick(PAUSED_AFTER_MS);
  assert.deepEqual(told, ["composing", "paused"]);
});
