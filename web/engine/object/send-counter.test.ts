import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import { predecessorOf } from "./send-counter.ts";
import type { OutboxRow } from "../store/conversation-rows.ts";

const row = (number: number | undefined, stage: OutboxRow["stage"]): OutboxRow => ({
  client: crypto.randomUUID() as ClientId,
  order: 1,
  chat: "bob@b.example" as BareJid,
  purpose: "text",
  stage,
  ...(number !== undefined && { number }),
});

test("a message waits for the newest before it that may still be under way", () => {
  const outbox = [row(3, "finished"), row(5, "finished"), row(9, "finished"), row(undefined, "waiting")];
  assert.equal(predecessorOf(9, outbox), 5);
  assert.equal(predecessorOf(5, outbox), 3);
  assert.equal(predecessorOf(3, outbox), 0);
});

test("what the object has, and what has failed, is waited for by nobody", () => {
  assert.equal(predecessorOf(9, [row(7, "accepted"), row(8, "failed")]), 0);
});
