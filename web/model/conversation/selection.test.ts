import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { ShownItem } from "./corrections.ts";
import { CHOSEN_MAX, Selection } from "./selection.ts";
import { chosenNow, jointActions, wordsTogether } from "./together.ts";

const item = (key: string, position = 1, more: Partial<ShownItem> = {}): ShownItem => ({
  key,
  chat: "bob@example.org" as BareJid,
  position: position as Position,
  at: position * 60_000,
  outgoing: false,
  encrypted: true,
  body: { kind: "text", text: key },
  ...more,
});
const mine = (key: string, position = 1, more: Partial<ShownItem> = {}) =>
  item(key, position, { outgoing: true, state: "sent", ...more });
const ROWS = ["a", "b", "c", "d", "e"].map((key, at) => item(key, at + 1));
const ENCRYPTED = { encrypted: true };

function begin() {
  const now = signal<ReadonlyMap<string, ShownItem> | undefined>(undefined);
  const selection = new Selection(now);
  return {
    now,
    toggle: (one: ShownItem) => selection.toggle(one),
    extend: (items: readonly ShownItem[], to: string) => selection.extend(items, to),
  };
}

const chosen = ({ now }: ReturnType<typeof begin>) => [...(now.value ?? [])].map(([key]) => key).toSorted();

test("a press chooses a message, another one does not any more; who has chosen none is still choosing", () => {
  const selection = begin();
  assert.equal(selection.now.value, undefined);
  selection.toggle(item("a"));
  selection.toggle(item("b"));
  selection.toggle(item("a"));
  assert.deepEqual(chosen(selection), ["b"]);
  selection.toggle(item("b"));
  assert.deepEqual(chosen(selection), []);
  selection.now.value = undefined;
  assert.equal(selection.now.value, undefined);
});

test("a range takes the place of the one before it, in both directions, and leaves what was chosen one by one", () => {
  const selection = begin();
  selection.toggle(item("a"));
  selection.toggle(item("c"));
  selection.extend(ROWS, "e");
  assert.deepEqual(chosen(selection), ["a", "c", "d", "e"]);
  selection.extend(ROWS, "d");
  assert.deepEqual(chosen(selection), ["a", "c", "d"]);
  selection.extend(ROWS, "b");
  assert.deepEqual(chosen(selection), ["a", "b", "c"]);
});

test("a range that begins nowhere is one message; one that ends nowhere changes nothing", () => {
  const selection = begin();
  selection.extend(ROWS, "b");
  assert.deepEqual(chosen(selection), ["b"]);
  selection.extend(ROWS, "gone");
  assert.deepEqual(chosen(selection), ["b"]);
});

test("no more are chosen than can be sent at once: what is too much is at the far end", () => {
  const many = Array.from({ length: CHOSEN_MAX + 20 }, (_, at) => item(String(at).padStart(3, "0"), at));
  const selection = begin();
  selection.extend(many, "119");
  selection.extend(many, "000");
  assert.equal(chosen(selection).length, CHOSEN_MAX);
  assert.ok(chosen(selection).includes("119"));
  assert.ok(!chosen(selection).includes("000"));
});

test("what was chosen is as it is now, in the order of the conversation", () => {
  const selection = begin();
  for (const one of [item("c", 3), item("a", 1)]) selection.toggle(one);
  const now = item("a", 1, { body: { kind: "reason", reason: "retracted" } });
  const items = chosenNow(selection.now.value ?? new Map(), [now]);
  assert.deepEqual(
    items.map(({ key }) => key),
    ["a", "c"],
  );
  assert.deepEqual(jointActions(items, ENCRYPTED), ["copy", "forget"], "one of them has nothing to pass on any more");
});

test("only where all are our own can they be deleted for everybody; a file's key is not passed on", () => {
  assert.deepEqual(jointActions([mine("a"), mine("b")], ENCRYPTED), ["copy", "forward", "forget", "delete"]);
  assert.deepEqual(jointActions([mine("a"), item("b")], ENCRYPTED), ["copy", "forward", "forget"]);
  assert.deepEqual(jointActions([mine("a"), mine("b", 2, { state: "waiting" })], ENCRYPTED), ["copy", "forward"]);
  const file = item("f", 1, { body: { kind: "text", text: "look: aesgcm://example.org/x#00" } });
  assert.ok(!jointActions([mine("a"), file], ENCRYPTED).includes("forward"));
  assert.deepEqual(jointActions([], ENCRYPTED), []);
});

test("several are copied with their names and times, one alone as it is", () => {
  const said = {
    nameOf: ({ outgoing }: ShownItem) => (outgoing ? "Alice" : "Bob"),
    timeOf: (at: number) => String(at / 60_000),
  };
  assert.equal(wordsTogether([item("hello")], said), "hello");
  assert.equal(wordsTogether([item("hello", 1), mine("yes", 2)], said), "[1] Bob: hello\n[2] Alice: yes");
  const file = item("f", 3, { body: { kind: "text", text: "aesgcm://example.org/x#00ff" } });
  assert.ok(!wordsTogether([item("hello", 1), file], said).includes("00ff"), "no key of a file");
});
