import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, ClientId, Position } from "../../../worker/contract/names.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { type Pending, pendingItem, stillPending } from "./pending.ts";

const BOB = "bob@example.org" as BareJid;
const NOON = Date.parse("2026-11-23T12:00:00+01:00");

const typed = (client: string, text: string): Pending => ({
  client: client as ClientId,
  text,
  at: NOON,
  encrypted: true,
});

const stored = (key: string, text: string): MessageItem => ({
  key,
  chat: BOB,
  position: 1 as Position,
  at: NOON,
  outgoing: true,
  encrypted: true,
  body: { kind: "text", text },
});

test("a typed message gives way to its stored row and keeps its element", () => {
  const waiting = typed("c1", "hi");
  assert.equal(pendingItem(BOB, waiting).key, "c1");
  assert.deepEqual(stillPending([waiting], [stored("c1", "hi")]), []);
});

test("the same words sent twice are two messages; an old row with these words is not taken for the new one", () => {
  const two = [typed("c1", "hi"), typed("c2", "hi")];
  assert.equal(stillPending(two, [stored("old", "hi")]), two);
  assert.deepEqual(stillPending(two, [stored("old", "hi"), stored("c1", "hi")]), [typed("c2", "hi")]);
  assert.deepEqual(stillPending(two, [stored("c2", "hi")]), [typed("c1", "hi")], "in whatever order they arrive");
});

test("a typed correction is told from a message with the same words", () => {
  const correction = { ...typed("c1", "six"), edits: "m1" };
  assert.deepEqual(stillPending([correction], [stored("c2", "six")]), [correction]);
  assert.deepEqual(stillPending([correction], [{ ...stored("c1", "six"), edits: "m1" }]), []);
});
