import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { maySendReceipt, type ReceiptQuestion } from "./receipts.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const ROOM = "room@rooms.example" as BareJid;
const DAY_MS = 24 * 60 * 60_000;
const NOW = Date.parse("2026-11-25T12:00:00Z");

const QUESTION: ReceiptQuestion = {
  message: { chat: BOB, sender: BOB, at: NOW - 1_000, asks: ["delivered", "read"] },
  state: "delivered",
  account: ALICE,
  now: NOW,
  firstSeen: NOW - 60 * DAY_MS,
  subscription: "both",
  writtenTo: false,
  room: false,
};

const ask = (more: Partial<ReceiptQuestion>, message: Partial<ReceiptQuestion["message"]> = {}): boolean =>
  maySendReceipt({ ...QUESTION, ...more, message: { ...QUESTION.message, ...message } });

test("a contact who sees our presence is told that the message has arrived, and that it was read", () => {
  assert.equal(ask({}), true);
  assert.equal(ask({ state: "read" }), true);
  assert.equal(ask({ subscription: "from" }), true);
});

test("whoever did not ask is told nothing", () => {
  const { asks: _, ...silent } = QUESTION.message;
  assert.equal(maySendReceipt({ ...QUESTION, message: silent }), false);
  assert.equal(ask({ state: "read" }, { asks: ["delivered"] }), false);
});

test("a stranger learns nothing by writing, until somebody has answered them", () => {
  assert.equal(ask({ subscription: "none" }), false);
  assert.equal(ask({ subscription: "to" }), false, "whose presence we see need not see ours");
  assert.equal(ask({ subscription: "removed" }), false);
  assert.equal(ask({ subscription: "none", writtenTo: true }), true);
});

test("nothing is told to a room, nor about what this account wrote itself", () => {
  assert.equal(ask({ room: true }, { chat: ROOM, sender: ROOM }), false);
  assert.equal(ask({}, { chat: ROOM }), false, "an occupant is not the room");
  assert.equal(ask({}, { sender: ALICE }), false);
});

test("the past is not writtenTo: what is a month old, or older than the browser", () => {
  assert.equal(ask({}, { at: NOW - 29 * DAY_MS }), true);
  assert.equal(ask({}, { at: NOW - 31 * DAY_MS }), false);
  assert.equal(ask({ firstSeen: NOW - 500 }), false);
});
