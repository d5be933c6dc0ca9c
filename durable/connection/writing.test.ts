import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Entry } from "../../worker/contract/entries.ts";
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid, BrowserId, ClientId } from "../../worker/contract/names.ts";
import { Applier } from "../store/apply.ts";
import type { Stores } from "../store/stores.ts";
import { storesOf } from "../testing/stores.ts";
import { Writing } from "./writing.ts";

const ME = "me@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const POLICY: Failure = { kind: "server-error", detail: "policy-violation" };
const TOO_BIG: Failure = { kind: "server-error", detail: "stanza-too-big" };

let stores: Stores;
let writing: Writing;
/** What the stream that stands was written, and what of it the server has not acknowledged. */
let written: string[];
let open: string[];
let largest: number;

beforeEach(() => {
  stores = storesOf(ME);
  writing = new Writing(stores, new Applier(stores));
  largest = Number.POSITIVE_INFINITY;
});

function accept(...clients: readonly string[]): void {
  for (const name of clients) {
    const client = name as ClientId;
    const { seq } = stores.log.message(
      {
        kind: "message",
        chat: BOB,
        sender: ME,
        outgoing: true,
        at: Date.now(),
        originId: client,
        content: { kind: "clear", text: name },
      },
      { browser: "b" as BrowserId, client },
    );
    stores.outbox.put({ seq, client, stanza: `<message id='${name}'/>` });
  }
}

/** A new stream, on which everything that waits is written. */
function stands(): void {
  [written, open] = [[], []];
  writing.begin({
    fits: (stanza) => stanza.length <= largest,
    write: ({ id }) => {
      written.push(id);
      open.push(id);
      return true;
    },
    requestAck: () => undefined,
  });
  for (const row of stores.outbox.waiting()) writing.write(row);
}

function acknowledge(...ids: readonly string[]): void {
  open = open.filter((id) => !ids.includes(id));
  const applier = new Applier(stores);
  for (const id of ids) applier.settle(id);
  writing.arrived(ids);
}

function ends(failure: Failure, byServer: boolean, ago = 0): boolean {
  const unacknowledged = open.map((id) => ({ id, bytes: id === "bad" ? 90_000 : 200, at: Date.now() - ago }));
  const over = writing.broke({ failure, byServer, unacknowledged });
  writing.begin(undefined);
  return over;
}

const failures = (): readonly (readonly [string, string | undefined])[] => {
  const names = new Map<string, string>();
  const told: [string, string | undefined][] = [];
  for (const entry of entries()) {
    if (entry.kind === "message") names.set(entry.id, entry.originId ?? "");
    if (entry.kind === "progress" && entry.state === "failed") {
      told.push([names.get(entry.message) ?? "", `${entry.failure?.kind}: ${entry.failure?.detail}`]);
    }
  }
  return told;
};
const entries = (): readonly Entry[] => stores.log.page(0 as Entry["seq"], 1_000).entries;

test("M1: a message after which two streams ended is put aside with a word, the others go on", () => {
  accept("one", "bad", "three");
  stands();
  assert.deepEqual(written, ["one", "bad", "three"]);
  ends(POLICY, true);
  assert.deepEqual(failures(), []);
  stands();
  assert.deepEqual(written, ["one"], "one at a time");
  acknowledge("one");
  assert.deepEqual(written, ["one", "bad"]);
  ends(POLICY, true);
  assert.deepEqual(failures(), [["bad", "too-large: server"]]);
  stands();
  assert.deepEqual(written, ["three"]);
  acknowledge("three");
  accept("four", "five");
  for (const row of stores.outbox.waiting()) writing.write(row);
  assert.deepEqual(written, ["three", "four", "five"], "nobody is suspected any more");
});

test("M1: what is written while others are suspected keeps its place in the order", () => {
  accept("one", "bad");
  stands();
  ends({ kind: "server-error", detail: "undefined-condition" }, true);
  stands();
  accept("three");
  writing.write({ client: "three" as ClientId, stanza: "<message id='three'/>" });
  assert.deepEqual(written, ["one"]);
  acknowledge("one");
  ends({ kind: "server-error", detail: "undefined-condition" }, true);
  assert.deepEqual(failures(), [["bad", "server-error: ended streams"]]);
});

test("M1: where the server says that a stanza was too large, the largest one fails at once", () => {
  accept("one", "bad", "three");
  stands();
  assert.equal(ends(TOO_BIG, true), true);
  assert.deepEqual(failures(), [["bad", "too-large: server"]]);
  stands();
  assert.deepEqual(written, ["one", "three"]);
});

test("M1: what the server does not take by its own word is not written, and fails alone", () => {
  accept("one", "larger-than-that", "three");
  largest = 25;
  stands();
  assert.deepEqual(written, ["one", "three"]);
  assert.deepEqual(failures(), [["larger-than-that", "too-large: server"]]);
});

test("M1: a connection that is lost soon after a message is suspicious only when it happens again and again", () => {
  accept("bad");
  for (const [n, over] of [false, true, true].entries()) {
    stands();
    assert.equal(ends({ kind: "connection-lost" }, false), over, `loss ${n + 1}`);
    assert.deepEqual(failures(), []);
  }
  stands();
  ends({ kind: "connection-lost" }, false);
  assert.deepEqual(failures(), [["bad", "server-error: ended streams"]]);
});

test("M1: a shutdown, another session, our own limits and a loss long after the message blame nobody", () => {
  accept("one");
  for (const [failure, byServer] of [
    [{ kind: "server-error", detail: "system-shutdown" }, true],
    [{ kind: "stream-replaced" }, true],
    [{ kind: "server-error", detail: "not-well-formed" }, false],
    [{ kind: "timed-out" }, false],
    [{ kind: "internal" }, false],
  ] as const) {
    stands();
    assert.equal(ends(failure, byServer), false);
  }
  stands();
  assert.equal(ends({ kind: "connection-lost" }, false, 60_000), false);
  assert.equal(stores.outbox.suspected(1), false);
});

test("M1: one that was put aside and is sent again is a new one", () => {
  accept("bad");
  for (let times = 0; times < 2; times += 1) {
    stands();
    ends(POLICY, true);
  }
  assert.equal(failures().length, 1);
  assert.equal(stores.outbox.retry("bad" as ClientId, "<message id='bad'/>"), true);
  assert.equal(stores.outbox.suspected(1), false);
});
