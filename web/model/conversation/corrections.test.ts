import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { withCorrections } from "./corrections.ts";

const mine = (key: string, more: Partial<MessageItem> = {}): MessageItem => ({
  key,
  chat: "bob@example.org" as BareJid,
  position: 1 as Position,
  at: 0,
  outgoing: true,
  encrypted: true,
  body: { kind: "text", text: key },
  state: "read",
  ...more,
});

const shown = (items: readonly MessageItem[], all = items) =>
  withCorrections(items, all).map(({ key, body, state, correction }) =>
    [key, body.kind === "text" ? body.text : "", state, correction].join(" "),
  );

test("a correction on its way shows its text and state in the place of what it corrects", () => {
  const items = [mine("a"), mine("b"), mine("c", { edits: "a", state: "waiting" })];
  assert.deepEqual(shown(items), ["a c waiting c", "b b read "]);
});

test("of several the newest shows", () => {
  const items = [mine("a"), mine("c", { edits: "a", state: "failed" }), mine("d", { edits: "a", state: "waiting" })];
  assert.deepEqual(shown(items), ["a d waiting d"]);
});

test("a correction of what is loaded and not mounted is no row; one of what is not loaded is", () => {
  const all = [mine("a"), mine("b"), mine("c", { edits: "a", state: "failed" })];
  assert.deepEqual(shown(all.slice(1), all), ["b b read "]);
  assert.deepEqual(shown(all.slice(1)), ["b b read ", "c c failed "]);
});
