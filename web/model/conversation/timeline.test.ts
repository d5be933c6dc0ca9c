import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, EntryId, Position } from "../../../worker/contract/names.ts";
import type { GapView, MessageItem } from "../../engine/protocol/conversations.ts";
import type { Row } from "./row.ts";
import { firstUnreadIn, keepRows, mergeItems, newestIncoming, type RowInput, rowsOf, type Top } from "./timeline.ts";

const BOB = "bob@example.org" as BareJid;
const berlin = { locale: "en-GB", timeZone: "Europe/Berlin" };
const noon = Date.parse("2026-11-23T12:00:00+01:00");
const MINUTE = 60_000;

function message(key: string, position: number, more: Partial<MessageItem> = {}): MessageItem {
  return {
    key,
    chat: BOB,
    position: position as Position,
    at: noon + position * 1000,
    outgoing: false,
    encrypted: true,
    body: { kind: "text", text: key },
    ...more,
  };
}

const rows = (items: readonly MessageItem[], unreadAfter?: number, beforeDevice = 0, more: Partial<RowInput> = {}) =>
  rowsOf(
    {
      chat: BOB,
      items,
      firstUnread: unreadAfter === undefined ? undefined : firstUnreadIn(items, unreadAfter as Position)?.key,
      beforeDevice,
      elders: [],
      top: { kind: "beginning" },
      gaps: [],
      toNewest: true,
      ...more,
    },
    berlin,
  );

const shape = (list: readonly Row[]) =>
  list
    .filter((row) => row.kind !== "beginning")
    .map((row) => (row.kind === "message" ? `${row.first ? "[" : ""}${row.item.key}${row.last ? "]" : ""}` : row.kind));

test("a late message takes its place by position, not by arrival", () => {
  const merged = mergeItems([message("a", 1), message("c", 3)], [message("b", 2, { at: noon + 999_000 })]);
  assert.deepEqual(
    merged.map((item) => item.key),
    ["a", "b", "c"],
  );
});

test("a row told again replaces the old one; a removed one is gone", () => {
  const merged = mergeItems([message("a", 1), message("b", 2)], [message("b", 2, { state: "read" })], ["a"]);
  assert.deepEqual(
    merged.map((item) => [item.key, item.state]),
    [["b", "read"]],
  );
});

test("U19: a page that is read again draws nothing again: what is told as it was known stays the same object", () => {
  const items = [message("a", 1), message("b", 2, { state: "sent" }), message("c", 3)];
  const again = structuredClone(items);
  assert.equal(mergeItems(items, again), items);
  assert.equal(mergeItems(items, again, ["elsewhere"]), items);
  const read = { ...again[1], state: "read" } as (typeof items)[number];
  const merged = mergeItems(items, [...again.toSpliced(1, 1), read]);
  assert.deepEqual(
    merged.map((item, at) => item === items[at]),
    [true, false, true],
  );
  assert.equal(merged[1]?.state, "read");
  const gone = mergeItems(items, again.slice(0, 2), ["c"]);
  assert.deepEqual(gone, items.slice(0, 2));
  assert.equal(gone[0], items[0]);
});

test("messages of one author within three minutes form a group", () => {
  const list = [
    message("a", 1),
    message("b", 2),
    message("c", 3, { outgoing: true }),
    message("d", 4, { at: noon + 10 * MINUTE, outgoing: true }),
  ];
  assert.deepEqual(shape(rows(list)), ["day", "[a", "b]", "[c]", "[d]"]);
});

test("midnight, a lost encryption and a failure end a group", () => {
  const beforeMidnight = Date.parse("2026-11-23T23:59:30+01:00");
  assert.deepEqual(
    shape(rows([message("a", 1, { at: beforeMidnight }), message("b", 2, { at: beforeMidnight + MINUTE })])),
    ["day", "[a]", "day", "[b]"],
  );
  assert.deepEqual(shape(rows([message("a", 1), message("b", 2, { encrypted: false })])), ["day", "[a]", "[b]"]);
  const failed = message("a", 1, { outgoing: true, state: "failed" });
  assert.deepEqual(shape(rows([failed, message("b", 2, { outgoing: true })])), ["day", "[a]", "[b]"]);
});

test("the unread line stands before the first unread message of somebody else", () => {
  const list = rows([message("a", 1), message("mine", 2, { outgoing: true }), message("b", 3), message("c", 4)], 1);
  assert.deepEqual(shape(list), ["day", "[a]", "[mine]", "unread", "[b", "c]"]);
});

test("messages older than this device are one quiet line, not a row each", () => {
  const old = (key: string, position: number) =>
    message(key, position, { body: { kind: "reason", reason: "before-device" } });
  const list = rows([old("x", 1), old("y", 2), message("a", 3)]);
  assert.deepEqual(shape(list), ["above", "before-device", "day", "[a]"]);
  assert.equal(list[1]?.kind === "before-device" && list[1].count, 2);
});

test("U5: where something lies before what can be read, nothing is called the beginning", () => {
  const kinds = (beforeDevice: number) => rows([message("a", 3)], undefined, beforeDevice).map(({ kind }) => kind);
  assert.deepEqual(kinds(0), ["beginning", "day", "message"]);
  assert.deepEqual(kinds(311), ["above", "before-device", "day", "message"]);
});

test("U1: a line about older messages that goes leaves its room, under its key: whoever is at the top sees nothing move", () => {
  const top = (of: Top) => rows([message("a", 3)], undefined, 311, { top: of })[0];
  assert.equal(top({ kind: "older", state: "loading" })?.key, "older");
  assert.deepEqual(top({ kind: "beginning" }), { kind: "above", key: "older" });
});

test("reading goes up to the newest message of somebody else that was seen", () => {
  const list = [message("a", 1), message("b", 2), message("mine", 3, { outgoing: true })];
  assert.equal(newestIncoming(list, 3 as Position)?.key, "b");
  assert.equal(newestIncoming(list, 1 as Position)?.key, "a");
  assert.equal(newestIncoming(list, 0 as Position), undefined);
});

test("U2: the line stands before no row that is only the first on the screen", () => {
  assert.deepEqual(shape(rows([message("b", 3), message("c", 4)], undefined, 0, { firstUnread: "a" })), [
    "day",
    "[b",
    "c]",
  ]);
});

const gap = (position: number, more: Partial<GapView> = {}): GapView => ({
  gap: `gap${position}` as EntryId,
  position: position as Position,
  at: noon,
  state: "open",
  why: "catching-up",
  ...more,
});

test("a gap stands between the messages it lies between, before the day that follows, and ends a group", () => {
  const list = [message("a", -4), message("b", -2), message("c", 3, { at: noon + 24 * 60 * MINUTE })];
  const shown = rows(list, undefined, 0, { gaps: [gap(-3), gap(2, { state: "lost", why: "expired" })] });
  assert.deepEqual(shape(shown), ["day", "[a]", "gap", "[b]", "gap", "day", "[c]"]);
  const lost = shown.find((row) => row.kind === "gap" && row.gap.state === "lost");
  assert.equal(lost?.kind === "gap" && lost.until, noon + 24 * 60 * MINUTE);
});

test("a gap is no message: it does not move the line above the unread ones", () => {
  const list = rows([message("a", 1), message("b", 3)], 1, 0, { gaps: [gap(2), gap(4)] });
  assert.deepEqual(shape(list), ["day", "[a]", "gap", "unread", "[b]", "gap"]);
});

test("what came while this browser was away is one line in its place, however many days it spans", () => {
  const away = (key: string, position: number, daysAgo = 0) =>
    message(key, position, {
      at: noon - daysAgo * 24 * 60 * MINUTE + position * 1000,
      body: { kind: "reason", reason: "while-away" },
    });
  const list = rows([
    message("a", 1, { at: noon - 9 * 24 * 60 * MINUTE }),
    away("b", 2, 5),
    away("c", 3, 2),
    message("d", 4),
  ]);
  assert.deepEqual(shape(list), ["day", "[a]", "day", "while-away", "day", "[d]"]);
  assert.equal(list.find((row) => row.kind === "while-away")?.count, 2);
  const divided = rows([away("b", 2), message("c", 3), away("d", 4)]);
  assert.deepEqual(shape(divided), ["day", "while-away", "[c]", "while-away"]);
});

test("above the oldest message stands what is known of the time before it", () => {
  const top = (value: Top, items = [message("a", 1)]) => rows(items, undefined, 0, { top: value })[0];
  assert.deepEqual(top({ kind: "beginning" }), { kind: "beginning", key: "beginning", empty: false });
  assert.deepEqual(top({ kind: "beginning" }, []), { kind: "beginning", key: "beginning", empty: true });
  assert.deepEqual(top({ kind: "older", state: "loading" }), { kind: "older", key: "older", state: "loading" });
  assert.equal(top({ kind: "older", state: "resting" })?.kind, "day");
  assert.equal(top({ kind: "more" })?.kind, "day");
  const failure = { kind: "offline" } as const;
  assert.deepEqual(top({ kind: "older", state: "failed", failure }), {
    kind: "older",
    key: "older",
    state: "failed",
    failure,
  });
});

test("history that comes later stands where it belongs: days, groups and the unread line follow", () => {
  const day = (key: string, position: number, daysAgo: number) =>
    message(key, position, { at: noon - daysAgo * 24 * 60 * MINUTE + position * 1000 });
  const merged = mergeItems([day("d", 1, 0), day("e", 2, 0)], [day("b", -200, 1), day("a", -300, 2), day("c", 0.5, 0)]);
  assert.deepEqual(shape(rows(merged, 1)), ["day", "[a]", "day", "[b]", "day", "[c", "d]", "unread", "[e]"]);
});

test("rows that stay as they are stay the same objects, and the same list where none is another", () => {
  const items = [message("a", 1), message("b", 2)];
  const before = rows(items);
  assert.equal(keepRows(before, rows(items)), before);
  // A third one changes how the second is drawn, and nothing else.
  const after = keepRows(before, rows([...items, message("c", 3)]));
  const key = (row: Row) => row.key;
  assert.deepEqual(after.map(key), [...before.map(key), "c"]);
  assert.deepEqual(
    after.filter((row) => before.includes(row)).map(key),
    before.map(key).filter((name) => name !== "b"),
  );
});
