import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Position } from "../../../worker/contract.ts";
import type { MessageItem } from "../../engine/protocol.ts";
import { type Pending, reconcile } from "./pending.ts";

const NOON = Date.parse("2026-11-23T12:00:00+01:00");

function message(key: string, position: number, more: Partial<MessageItem> = {}): MessageItem {
  return {
    key,
    chat: "bob@example.org" as BareJid,
    position: position as Position,
    at: NOON,
    outgoing: false,
    encrypted: true,
    body: { kind: "text", text: key },
    ...more,
  };
}

const typed = (local: string, text: string, before: readonly string[] = []): Pending => ({
  local,
  text,
  at: NOON,
  encrypted: true,
  before: new Set(before),
});

test("a typed message gives way to its stored row and keeps its element", () => {
  const result = reconcile(
    [typed("local-1", "hi")],
    [message("m1", 1, { outgoing: true, body: { kind: "text", text: "hi" } })],
  );
  assert.equal(result.pending.length, 0);
  assert.equal(result.claims.get("m1"), "local-1");
});

test("the same words sent twice are two messages; an old row with these words is not taken for the new one", () => {
  const hi = (key: string, position: number) =>
    message(key, position, { outgoing: true, body: { kind: "text", text: "hi" } });
  const two = [typed("local-1", "hi", ["old"]), typed("local-2", "hi", ["old"])];
  assert.deepEqual(reconcile(two, [hi("old", 1)]).pending.length, 2);
  const oneArrived = reconcile(two, [hi("old", 1), hi("new", 2)]);
  assert.deepEqual(
    oneArrived.pending.map((waiting) => waiting.local),
    ["local-2"],
  );
  const incoming = reconcile([typed("local-1", "hi")], [message("in", 1, { body: { kind: "text", text: "hi" } })]);
  assert.equal(incoming.pending.length, 1);
});

test("a typed correction is told from a message with the same words", () => {
  const words = { outgoing: true, body: { kind: "text", text: "six" } } as const;
  const correction = { ...typed("local-1", "six"), edits: "m1" };
  assert.equal(reconcile([correction], [message("m2", 2, words)]).pending.length, 1);
  assert.equal(reconcile([typed("local-2", "six")], [message("m3", 3, { ...words, edits: "m1" })]).pending.length, 1);
  const arrived = reconcile([correction], [message("m4", 4, { ...words, edits: "m1" })]);
  assert.equal(arrived.claims.get("m4"), "local-1");
});
