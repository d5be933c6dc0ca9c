import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, EntryId, Position } from "../../../worker/contract/names.ts";
import type { GapView, MessageItem } from "../../engine/protocol/conversations.ts";
import { placeGaps, type Stretch } from "./gaps.ts";

const BOB = "bob@example.org" as BareJid;

const message = (position: number): MessageItem => ({
  key: `m${position}`,
  chat: BOB,
  position: position as Position,
  at: 0,
  outgoing: false,
  encrypted: true,
  body: { kind: "text", text: "" },
});

const gap = (position: number, change: Partial<GapView> = {}): GapView => ({
  gap: `gap${position}` as EntryId,
  position: position as Position,
  at: 0,
  state: "open",
  why: "catching-up",
  ...change,
});

const LOST = { state: "lost", why: "expired" } as const;
const OWN = { chat: BOB } as const;

/** `gap@index` for each that is shown. */
function shown(gaps: readonly GapView[], positions: readonly number[], change: Partial<Stretch> = {}): string {
  const stretch = { chat: BOB, items: positions.map(message), fromOldest: true, toNewest: true, ...change };
  return [...placeGaps(gaps, stretch)]
    .flatMap(([at, there]) => there.map((each) => `${each.gap}@${at}`))
    .toSorted()
    .join(" ");
}

test("between two messages every gap is shown, at places below zero too", () => {
  assert.equal(shown([gap(-10)], [-20, -5, 1]), "gap-10@1");
  assert.equal(shown([gap(5, LOST)], [1, 10]), "gap5@1");
  assert.equal(shown([gap(5, { ...OWN, state: "lost", why: "unreadable" })], [1, 10]), "gap5@1");
});

test("a gap of another conversation is never shown", () => {
  assert.equal(shown([gap(5, { chat: "mina@example.org" as BareJid })], [1, 10]), "");
});

test("behind the newest message stands what is being fetched, and what was lost here", () => {
  assert.equal(shown([gap(20)], [1, 10]), "gap20@2");
  assert.equal(shown([gap(20, LOST)], [1, 10]), "");
  assert.equal(shown([gap(20, { ...LOST, ...OWN })], [1, 10]), "gap20@2");
});

test("before the oldest message only what is known to belong here", () => {
  assert.equal(shown([gap(-20), gap(-20, LOST)], [1, 10]), "");
  assert.equal(shown([gap(-20, OWN)], [1, 10]), "gap-20@0");
});

test("a conversation without messages shows only its own", () => {
  assert.equal(shown([gap(5)], []), "");
  assert.equal(shown([gap(5, OWN)], []), "gap5@0");
});

test("nothing is told at an edge beyond which there are messages that are not mounted", () => {
  assert.equal(shown([gap(-20, OWN)], [1, 10], { fromOldest: false }), "");
  assert.equal(shown([gap(20)], [1, 10], { toNewest: false }), "");
});

test("several alike in one place are one row, different ones are two", () => {
  const unreadable = { state: "lost", why: "unreadable" } as const;
  assert.equal(shown([gap(4, unreadable), gap(5, unreadable), gap(6)], [1, 10]), "gap4@1 gap6@1");
});
