import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeDatabase, type Promised, type Stored } from "./database.ts";

const SENT = { key: "c1", id: "e1", originKey: "alice c1", cipherKey: "k1", outgoing: true, state: "sent" } as const;
const RECEIVED = { key: "e2", id: "e2", archiveKey: "a2", cipherKey: "k2", outgoing: false } as const;
const TYPED = { key: "c3", originKey: "alice c3", outgoing: true, state: "waiting" } as const;
const FINISHED = { client: "c3", purpose: "text", stage: "finished", number: 2, sealed: true } as const;

const WHOLE: Stored = {
  device: 1,
  cursor: { epoch: "e", seq: 9 },
  generation: 4,
  numbered: 2,
  behind: false,
  messages: [SENT, RECEIVED, TYPED],
  outbox: [FINISHED],
  sessions: ["bob@localhost.5"],
  pins: ["bob@localhost.5", "bob@localhost.6"],
  last: ["c3"],
};

const PROMISED: Promised = {
  device: 1,
  epoch: "e",
  acknowledged: 9,
  received: ["e1", "e2"],
  accepted: 1,
  taken: ["c1", "c3"],
  generation: 3,
};

const about = (change: Partial<Stored>, promised: Partial<Promised> = {}) =>
  judgeDatabase({ ...WHOLE, ...change }, { ...PROMISED, ...promised });

test("a whole database that holds what was promised", () => {
  assert.deepEqual(about({}), []);
  assert.deepEqual(about({ messages: [SENT, RECEIVED], outbox: [], last: ["e2"] }, { taken: ["c1"] }), []);
});

test("no database at all, or the keys of another device", () => {
  assert.deepEqual(judgeDatabase(undefined, PROMISED), ["there is no database"]);
  assert.deepEqual(about({ device: 2 }), ["device 2 in place of 1"]);
  assert.deepEqual(about({ device: undefined }), ["device undefined in place of 1"]);
});

test("less than what was acknowledged, accepted or taken", () => {
  assert.deepEqual(about({}, { acknowledged: 10 }), ["cursor 9, acknowledged 10"]);
  assert.deepEqual(about({}, { received: ["e7"] }), ["acknowledged, and not there: e7"]);
  assert.deepEqual(about({}, { accepted: 3 }), ["number 2, accepted 3"]);
  assert.deepEqual(about({}, { taken: ["c9"] }), ["taken, and not there: c9"]);
  assert.deepEqual(about({}, { generation: 4 }), ["generation 4 after 4"]);
  assert.deepEqual(about({ cursor: undefined }), [
    "a cursor of epoch undefined in place of e",
    "cursor undefined, acknowledged 9",
  ]);
  assert.deepEqual(about({ behind: true }), ["takes itself for one that was rolled back"]);
});

test("one message in two rows", () => {
  const again = { ...RECEIVED, key: "other", id: "e8" };
  assert.deepEqual(about({ messages: [SENT, RECEIVED, TYPED, again] }), [
    "two messages with archiveKey a2",
    "two messages with cipherKey k2",
  ]);
});

test("half of a transaction", () => {
  assert.deepEqual(about({ outbox: [] }), ["a text that nothing will send: c3"]);
  assert.deepEqual(about({ outbox: [{ ...FINISHED, number: undefined }] }), ["finished without number: c3"]);
  assert.deepEqual(about({ outbox: [{ ...FINISHED, sealed: false }] }), ["finished without bytes: c3"]);
  assert.deepEqual(about({ outbox: [{ ...FINISHED, stage: "waiting" }] }), ["sealed and still waiting: c3"]);
  assert.deepEqual(about({ numbered: 1 }), ["number 2 was never given: c3"]);
  assert.deepEqual(about({ outbox: [FINISHED, { ...FINISHED, client: "c1" }] }), ["a number was given twice: 2 2"]);
  assert.deepEqual(about({ outbox: [FINISHED, { ...FINISHED, client: "c4", number: 1 }] }), [
    "in the outbox without its text: c4",
  ]);
  assert.deepEqual(about({ pins: [] }), ["a session without a pin: bob@localhost.5"]);
  assert.deepEqual(about({ last: ["gone"] }), ["a conversation ends with what is not there: gone"]);
});

test("a text that failed stays without being sent, a key transport has no text", () => {
  const failed = { ...TYPED, state: "failed" };
  assert.deepEqual(about({ messages: [SENT, RECEIVED, failed], outbox: [] }), []);
  assert.deepEqual(about({ outbox: [FINISHED, { ...FINISHED, client: "t", purpose: "transport", number: 1 }] }), []);
});
