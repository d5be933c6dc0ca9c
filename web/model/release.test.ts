import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionSkew } from "../engine/protocol/account.ts";
import { readReloaded, reloadAt, reloaded, writeReloaded } from "./release.ts";

const NOW = 1_800_000_000_000;
const NEWER: VersionSkew = { contract: 9, object: "newer", unsent: false };

test("a page of the same release stays", () => assert.equal(reloadAt(undefined, false, undefined, NOW), undefined));

test("a page that meets another release loads anew at once", () => {
  assert.equal(reloadAt(NEWER, false, undefined, NOW), NOW);
  assert.equal(reloadAt({ ...NEWER, object: "older" }, false, undefined, NOW), NOW);
});

test("nothing that was typed or not sent is thrown away", () => {
  assert.equal(reloadAt({ ...NEWER, unsent: true }, false, undefined, NOW), undefined);
  assert.equal(reloadAt(NEWER, true, undefined, NOW), undefined);
});

test("a reload that did not help is tried again, later and later, never in a loop", () => {
  let before = reloaded(NEWER.contract, undefined, NOW);
  const waits: number[] = [];
  for (let times = 0; times < 5; times++) {
    const next = reloadAt(NEWER, false, before, before.at) ?? assert.fail("it gives up");
    waits.push((next - before.at) / 60_000);
    before = reloaded(NEWER.contract, before, next);
  }
  assert.deepEqual(waits, [1, 5, 30, 30, 30]);
});

test("yet another release is met without waiting", () => {
  const before = reloaded(NEWER.contract, undefined, NOW - 1);
  assert.equal(reloadAt({ ...NEWER, contract: 10 }, false, before, NOW), NOW);
  assert.equal(reloaded(10, before, NOW).times, 1);
});

test("what a tab remembers is read again, and nothing else is", () => {
  const before = reloaded(3, undefined, NOW);
  assert.deepEqual(readReloaded(writeReloaded(before)), before);
  for (const text of [null, "", "3", "3 0 5", "a b c", "3 1 5 6"]) assert.equal(readReloaded(text), undefined);
});
