import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import type { ConnectionView } from "../engine/protocol/account.ts";
import { type ConnectionLine, connectionLine, countsDown, isArriving } from "./connection.ts";
import { failureText } from "./failures.ts";

const alice = "alice@localhost" as BareJid;
const now = 1_000_000;
const live = {
  socket: "open",
  link: { state: "live", caughtUp: true },
  encryption: "ready",
} as const satisfies ConnectionView;

/** The reason of a broken line, as it is shown. */
function whyOf(line: ConnectionLine): string {
  if (line.tone !== "broken" || line.why === undefined) return "";
  return typeof line.why === "string" ? line.why : failureText(line.why, alice);
}

test("when everything stands, the line says so and nothing else", () => {
  assert.deepEqual(connectionLine(live, alice, now), { tone: "fine", words: "Connected" });
});

const ARRIVING: readonly (readonly [string, Partial<ConnectionView>, boolean])[] = [
  ["while the browser looks for Alcove", { socket: "connecting" }, true],
  ["before Alcove has spoken", { socket: "open", link: undefined }, true],
  ["while the server is asked to let us in", { link: { state: "authenticating" } }, true],
  ["while the archive is read", { link: { state: "live", caughtUp: false } }, true],
  ["when all is here", { link: { state: "live", caughtUp: true } }, false],
  ["without a network", { socket: "waiting", offline: true }, false],
  ["when the server lets nobody in", { link: { state: "off" } }, false],
];
for (const [when, more, arriving] of ARRIVING)
  test(`an empty list ${arriving ? "may fill" : "is empty"} ${when}`, () => {
    assert.equal(isArriving({ ...live, ...more } as ConnectionView), arriving);
  });

test("the nearest broken hop is the one named", () => {
  const both: ConnectionView = { ...live, socket: "waiting", until: now + 4_200, link: { state: "off" } };
  assert.match(connectionLine(both, alice, now).words, /^Alcove cannot be reached – next try in 5 s$/);
});

test("D5: when the day's allowance is spent, the line says so, when it comes back, and that nothing is lost", () => {
  const spent: ConnectionView = { ...live, socket: "waiting", until: now + 4_200, spent: true };
  const line = connectionLine(spent, alice, now);
  assert.match(line.words, /^Alcove cannot be reached – next try in 5 s$/);
  assert.ok(line.tone === "broken");
  assert.match(whyOf(line), /reached today’s limit\. It goes on at .+; what you write is sent then/);
});

test("U10: without a network nothing counts down; the line says what can be done and what waits", () => {
  const line = connectionLine({ ...live, socket: "waiting", offline: true }, alice, now);
  assert.equal(line.words, "You are offline");
  assert.ok(line.tone === "broken");
  assert.match(whyOf(line), /sent when you are back/);
  assert.equal(countsDown({ ...live, socket: "waiting", offline: true }), false);
});

test("a server that went away is named, with a countdown and a reason", () => {
  const line = connectionLine(
    { ...live, link: { state: "waiting", until: now + 12_000, failure: { kind: "refused" } } },
    alice,
    now,
  );
  assert.equal(line.words, "Reconnecting to localhost – next try in 12 s");
  assert.ok(line.tone === "broken" && line.retry && whyOf(line).includes("localhost"));
});

for (const [id, kind, words] of [
  ["A1, N1", "keys-unfit", /wants the password proved anew/],
  ["N7", "wrong-password", /no longer accepts the password of your last sign-in/],
  ["N1", "locked", /sleeps and needs the password once more/],
] as const) {
  test(`${id}: where nothing but the password helps (${kind}), the line says why and asks for it`, () => {
    const line = connectionLine({ ...live, link: { state: "off", failure: { kind } } }, alice, now);
    assert.equal(line.words, "Not connected to localhost");
    assert.ok(line.tone === "broken" && line.password === true && !line.retry);
    assert.match(whyOf(line), words);
    assert.doesNotMatch(whyOf(line), /[{}]|Sign in again/);
  });
}

test("where a password would not help, the line asks for none", () => {
  const line = connectionLine({ ...live, link: { state: "off", failure: { kind: "server-not-proven" } } }, alice, now);
  assert.ok(line.tone === "broken" && line.password === undefined && line.retry);
});

test("a countdown never goes below zero", () => {
  const line = connectionLine(
    { ...live, link: { state: "waiting", until: now - 5_000, failure: { kind: "refused" } } },
    alice,
    now,
  );
  assert.equal(line.words, "Reconnecting to localhost…");
});

test("a server without a place for keys is said last, when the rest stands", () => {
  assert.match(
    connectionLine({ ...live, encryption: "missing-pep" }, alice, now).words,
    /cannot announce your encryption keys/,
  );
});

test("a clock is needed only while something counts down", () => {
  assert.equal(countsDown(live), false);
  assert.equal(countsDown({ ...live, socket: "waiting", until: now }), true);
});
