import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestResult } from "../link/iq.ts";
import { exitOf, refusalOf, retryAt, selfPingSays } from "./refusals.ts";

test("a final refusal is named and not tried again; an unavailable room is", () => {
  const words = (condition: string) => {
    const { failure, final } = refusalOf(condition);
    return [failure.kind, failure.detail, final];
  };
  assert.deepEqual(words("conflict"), ["peer-refused", "nick in use", true]);
  assert.deepEqual(words("registration-required"), ["peer-refused", "members-only", true]);
  assert.deepEqual(words("forbidden"), ["peer-refused", "banned", true]);
  assert.deepEqual(words("not-authorized"), ["peer-refused", "password needed", true]);
  assert.deepEqual(words("item-not-found"), ["peer-refused", "no such room", true]);
  assert.deepEqual(words("service-unavailable"), ["peer-refused", "room unavailable", false]);
  assert.deepEqual(words("remote-server-timeout"), ["peer-refused", "room unavailable", false]);
  assert.deepEqual(words("constructor"), ["peer-refused", "constructor", true]);
});

test("out by the room's will is out; out by accident is not", () => {
  for (const why of ["banned", "kicked", "members-only", "affiliation changed", "destroyed"] as const)
    assert.deepEqual(exitOf(why), { failure: { kind: "peer-refused", detail: why }, final: true });
  for (const why of ["shutdown", "connection problem"] as const) assert.equal(exitOf(why).final, false);
  assert.equal(exitOf(undefined).final, false);
});

test("XEP-0410 §3.1: what the answer to a ping of ourselves says", () => {
  const failed = (condition: string): RequestResult => ({
    ok: false,
    error: { kind: "stanza-error", condition },
  });
  for (const condition of ["service-unavailable", "feature-not-implemented"])
    assert.equal(selfPingSays(failed(condition)), "here", condition);
  for (const condition of ["not-acceptable", "item-not-found", "not-allowed"])
    assert.equal(selfPingSays(failed(condition)), "gone", condition);
  for (const condition of ["remote-server-not-found", "remote-server-timeout"])
    assert.equal(selfPingSays(failed(condition)), "unknown", condition);
  assert.equal(selfPingSays({ ok: false, error: { kind: "timed-out" } }), "unknown");
  assert.equal(selfPingSays({ ok: false, error: { kind: "lost" } }), "unknown");
});

test("a room that is away is looked for less and less often", () => {
  assert.deepEqual(
    [1, 2, 3, 6, 50].map((failures) => retryAt(0, failures) / 1_000),
    [50, 100, 200, 900, 900],
  );
});
