import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId } from "../../worker/contract/names.ts";
import type { OmemoMessage } from "../../worker/contract/omemo.ts";
import { type Evidence, type Held, judge, type Sent, token, type Written } from "./verdict.ts";

const TEXTS = [token("alice", 1), token("bob", 1), token("alice", 2), token("sibling", 1)];
const KEY_BYTES = 33;
const MAC_BYTES = 8;

/** A SignalMessage with this ratchet key and counter; nothing in it is encrypted. */
function signalMessage(chain: number, counter: number): string {
  const key = [5, ...Array.from({ length: KEY_BYTES - 1 }, () => chain)];
  const fields = [0x0a, KEY_BYTES, ...key, 0x10, counter, 0x22, 1, 0];
  return Buffer.from([0x33, ...fields, ...Array.from({ length: MAC_BYTES }, () => 0)]).toString("base64");
}

function sealed(iv: string, chain: number, counter: number): OmemoMessage {
  return { sid: 1 as DeviceId, iv, keys: [{ rid: 2 as DeviceId, prekey: false, data: signalMessage(chain, counter) }] };
}

const written: readonly Written[] = TEXTS.map((text) => ({ client: `c ${text}`, text, taken: true }));
const rows: readonly Held[] = TEXTS.map((text, at) => ({ id: `e${at}`, position: at, text, state: "sent" }));
const sent: readonly Sent[] = written.map(({ client }, at) => ({ client, omemo: sealed(client, 1, at) }));

const CLEAN: Evidence = {
  written,
  accepted: new Set(written.map(({ client }) => client)),
  held: { alice: rows, sibling: rows, bob: rows },
  sent,
};

const found = (change: Partial<Evidence>) => judge({ ...CLEAN, ...change }).map(({ kind, says }) => `${kind} ${says}`);
const holding = (reader: keyof Evidence["held"], held: readonly Held[]) =>
  found({ held: { ...CLEAN.held, [reader]: held } });

test("a clean run", () => {
  assert.deepEqual(judge(CLEAN), []);
});

test("a text that was accepted or taken has to be with everybody", () => {
  assert.deepEqual(holding("bob", rows.slice(1)), ["lost bob: [alice.1]"]);
  const taken = written.map((one) => ({ ...one, taken: false }));
  assert.deepEqual(found({ written: taken, held: { ...CLEAN.held, bob: rows.slice(1) } }), ["lost bob: [alice.1]"]);
});

test("a text that was neither may be nowhere", () => {
  const typed: Written = { client: "c", text: token("alice", 3), taken: false };
  assert.deepEqual(found({ written: [...written, typed] }), []);
  assert.deepEqual(found({ written: [...written, { ...typed, taken: true }] }).length, 3);
});

test("a text is there once", () => {
  const [first] = rows;
  assert.ok(first);
  const again = { ...first, id: "e9", position: 9 };
  assert.deepEqual(holding("bob", [...rows, again]), [
    "twice bob: [alice.1] (2 times)",
    "disorder bob: [alice.1] stands behind 2",
  ]);
});

test("nothing else is there, and everything can be read", () => {
  assert.deepEqual(holding("bob", [...rows, { id: "e9", position: 9, text: "?", state: undefined }]), [
    "unknown bob: ? (e9)",
  ]);
  assert.deepEqual(holding("bob", [...rows, { id: "e9", position: 9, text: undefined, state: undefined }]), [
    "unknown bob: unreadable (e9)",
  ]);
});

test("what one browser wrote keeps its order", () => {
  const [one, two, three, four] = rows;
  assert.ok(one && two && three && four);
  assert.deepEqual(holding("bob", [three, two, one, four]), ["disorder bob: [alice.1] stands behind 2"]);
});

test("the browsers of an account show the same", () => {
  const moved = rows.map((row, at) => (at === 1 ? { ...row, position: 7 } : row));
  assert.deepEqual(holding("sibling", moved), [
    "moved place 1: [bob.1] (e1 at 1) with alice, [bob.1] (e1 at 7) with the sibling",
  ]);
  assert.equal(holding("sibling", rows.slice(0, -1)).filter((says) => says.startsWith("moved place 3")).length, 1);
});

test("nothing waits at the end, and what is shown has been accepted", () => {
  const waiting = rows.map((row, at) => (at === 0 ? { ...row, state: "waiting" } : row));
  assert.deepEqual(holding("alice", waiting), ["unsent alice: [alice.1] is waiting"]);
  const accepted = new Set([...CLEAN.accepted].slice(1));
  assert.deepEqual(found({ accepted }), WRITERS_WITHOUT_LOG);
});

const WRITERS_WITHOUT_LOG = ["alice", "sibling", "bob"].map((reader) => `unsent ${reader}: [alice.1] in no log`);

test("a key of a chain is used once; the same bytes again are the same message", () => {
  const [first, second, ...rest] = sent;
  assert.ok(first && second);
  assert.deepEqual(found({ sent: [first, first, second, ...rest] }), []);
  const reused = { ...second, omemo: sealed(second.client, 1, 0) };
  assert.deepEqual(
    found({ sent: [first, reused, ...rest] }).map((says) => says.slice(0, 16)),
    ["key-twice 1 → 2:"],
  );
  const otherChain = { ...second, omemo: sealed(second.client, 2, 0) };
  assert.deepEqual(found({ sent: [first, otherChain, ...rest] }), []);
});

test("a message is sealed once, never in clear, and leaves before everybody's eyes", () => {
  const [first, ...rest] = sent;
  assert.ok(first);
  const again = { ...first, omemo: sealed("another", 3, 0) };
  assert.deepEqual(found({ sent: [first, again, ...rest] }), [`sealed-twice ${first.client}`]);
  assert.deepEqual(found({ sent: [{ ...first, omemo: undefined }, ...rest] }), [`clear ${first.client}`]);
  assert.deepEqual(found({ sent: rest }), [`unseen accepted, and nobody saw it leave: ${first.client}`]);
});
