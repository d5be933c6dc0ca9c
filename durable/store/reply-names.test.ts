import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, EntryId } from "../../worker/contract/names.ts";
import { replyInLog, replyInRoom, targetInLog, type Names } from "./reply-names.ts";

const ROOM = "room@rooms.example" as BareJid;
const ALICE = "alice@a.example" as BareJid;

const names: Names = {
  archiveId: (by, sender, id) => (by === ROOM && sender === ALICE && id === "by-alice" ? "by-room" : undefined),
  origin: (by, id) => (by === ROOM && id === "by-room" ? { sender: ALICE, id: "by-alice" } : undefined),
  archived: (by, id) => (by === ROOM && id === "by-room" ? ("entry" as EntryId) : undefined),
};

test("a room is told the id that it gave, our browsers the one that the author gave", () => {
  const quote = { start: 0, end: 4 };
  assert.deepEqual(replyInRoom(names, ROOM, { id: "by-alice", to: ALICE }), { id: "by-room", to: ALICE });
  assert.deepEqual(replyInLog(names, ROOM, { id: "by-room", to: ROOM, quote }), {
    id: "by-alice",
    to: ALICE,
    quote,
  });
});

test("what is known by one name only keeps it", () => {
  const strange = { id: "strange", to: ALICE };
  assert.equal(replyInRoom(names, ROOM, strange), strange);
  assert.equal(replyInLog(names, ROOM, strange), strange);
  const unsaid = { id: "by-alice" };
  assert.equal(replyInRoom(names, ROOM, unsaid), unsaid);
});

test("T20: what is done to a message of a room names its entry, for its other names are anybody's to give", () => {
  assert.deepEqual(targetInLog(names, ROOM, { id: "by-room" }), { id: "by-alice", to: ALICE, entry: "entry" });
  assert.deepEqual(targetInLog(names, ROOM, { id: "by-alice" }), { id: "by-alice" });
  assert.deepEqual(targetInLog(names, ALICE, { id: "by-room" }), { id: "by-room" });
});
