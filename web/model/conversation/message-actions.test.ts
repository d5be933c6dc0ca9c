import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { ChatSummary, Encryption, RoomSummary } from "../../engine/protocol/conversations.ts";
import type { ShownItem } from "./corrections.ts";
import { actionsOf } from "./menu-actions.ts";
import { answerableBeside, newestEditable, writableIn } from "./message-actions.ts";

const BOB = "bob@example.org" as BareJid;
const ENCRYPTED = { encrypted: true };

const theirs = (key: string, more: Partial<ShownItem> = {}): ShownItem => ({
  key,
  chat: BOB,
  position: 1 as Position,
  at: 0,
  outgoing: false,
  encrypted: true,
  body: { kind: "text", text: key },
  ...more,
});
const mine = (key: string, more: Partial<ShownItem> = {}) => theirs(key, { outgoing: true, state: "sent", ...more });

test("an own text that has arrived can be edited, somebody else's never", () => {
  assert.deepEqual(actionsOf(mine("m"), ENCRYPTED), [
    "answer",
    "edit",
    "copy",
    "forward",
    "select",
    "info",
    "forget",
    "delete",
  ]);
  assert.deepEqual(actionsOf(theirs("m"), ENCRYPTED), ["answer", "copy", "forward", "select", "info", "forget"]);
});

test("what waits or has failed can be neither edited nor answered", () => {
  for (const state of ["waiting", "failed"] as const)
    assert.deepEqual(actionsOf(mine("m", { state }), ENCRYPTED), ["copy", "forward", "select", "info"]);
});

test("a text can be corrected again while a correction is on its way, not after it has failed", () => {
  const corrected = (state: "waiting" | "failed") => mine("m", { correction: "c", state });
  assert.deepEqual(actionsOf(corrected("waiting"), ENCRYPTED), [
    "answer",
    "edit",
    "copy",
    "forward",
    "select",
    "info",
    "delete",
  ]);
  assert.deepEqual(actionsOf(corrected("failed"), ENCRYPTED), [
    "answer",
    "copy",
    "forward",
    "select",
    "info",
    "delete",
  ]);
});

test("no text is edited into the other side of the lock: nobody would believe the correction", () => {
  assert.ok(!actionsOf(mine("m"), { encrypted: false }).includes("edit"));
  assert.ok(!actionsOf(mine("m", { encrypted: false }), ENCRYPTED).includes("edit"));
  assert.ok(actionsOf(mine("m", { encrypted: false }), { encrypted: false }).includes("edit"));
});

test("where nothing can be written there is still something to copy; a reason is not copied", () => {
  assert.deepEqual(actionsOf(mine("m"), undefined), ["copy", "forward", "select", "info", "forget"]);
  assert.deepEqual(actionsOf(theirs("m", { body: { kind: "reason", reason: "malformed" } }), ENCRYPTED), [
    "select",
    "info",
    "forget",
  ]);
});

test("ArrowUp finds the newest own text that can be edited", () => {
  const items = [mine("a"), mine("b"), theirs("c"), mine("d", { state: "waiting" })];
  assert.equal(newestEditable(items, ENCRYPTED)?.key, "b");
  assert.equal(newestEditable([theirs("c")], ENCRYPTED), undefined);
});

test("step by step every message can be answered, and after the newest none", () => {
  const items = [theirs("a"), mine("b", { state: "failed" }), mine("c"), theirs("d")];
  const step = (from: string | undefined, by: -1 | 1) => answerableBeside(items, from, by, ENCRYPTED)?.key;
  assert.deepEqual([step(undefined, -1), step("d", -1), step("c", -1), step("a", -1)], ["d", "c", "a", undefined]);
  assert.deepEqual([step("a", 1), step("d", 1), step(undefined, 1)], ["c", undefined, undefined]);
});

test("what is written is encrypted or not, or cannot be written at all", () => {
  const room: RoomSummary = {
    state: "joined",
    nick: "me",
    people: 2,
    unable: [],
    undecided: [],
    changed: [],
    newcomers: [],
  };
  const chat = (encryption: Encryption, more: Partial<ChatSummary> = {}) =>
    ({ jid: BOB, encryption, ...more }) as ChatSummary;
  assert.deepEqual(writableIn(chat("on"), false), ENCRYPTED);
  assert.deepEqual(writableIn(chat("checking"), false), ENCRYPTED);
  assert.deepEqual(writableIn(chat("exposed"), false), { encrypted: false });
  assert.deepEqual(writableIn(chat("open", { room }), false), { encrypted: false });
  assert.deepEqual(writableIn(chat("unknown", { room }), false), ENCRYPTED);
  assert.deepEqual(writableIn(chat("notes"), false), ENCRYPTED);
  assert.equal(writableIn(chat("blocked", { room }), false), undefined);
  assert.equal(writableIn(chat("unlisted", { room }), false), undefined);
  assert.equal(writableIn(chat("unavailable"), false), undefined);
  assert.equal(writableIn(chat("on", { room: { ...room, state: "left" } }), false), undefined);
  assert.equal(writableIn(chat("on"), true), undefined);
});

test("P8: a file is neither copied nor put into the composer, where its key would be seen; alone it is passed on", () => {
  const file = `aesgcm://up.example/a.jpg#${"0f".repeat(44)}`;
  assert.deepEqual(actionsOf(mine("m", { body: { kind: "text", text: file } }), ENCRYPTED), [
    "answer",
    "forward",
    "select",
    "info",
    "forget",
    "delete",
  ]);
  const amid = { kind: "text", text: `see ${file}` } as const;
  assert.deepEqual(actionsOf(mine("m", { body: amid }), ENCRYPTED), [
    "answer",
    "copy",
    "select",
    "info",
    "forget",
    "delete",
  ]);
});
