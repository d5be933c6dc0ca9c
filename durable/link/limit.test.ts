import assert from "node:assert/strict";
import { test } from "node:test";
import { Limit, type StanzaLimit } from "./limit.ts";

const DAY_MS = 24 * 60 * 60_000;

function limitWith(known?: StanzaLimit): Limit {
  let kept = known;
  return new Limit({
    load: () => kept,
    save: (limit) => {
      kept = limit;
    },
  });
}

test("M1: what the server announces counts, and goes when another stream announces nothing", () => {
  const limit = limitWith();
  assert.equal(limit.current(0), undefined);
  limit.announced(20_000);
  assert.equal(limit.current(0), 20_000);
  limit.announced(undefined);
  assert.equal(limit.current(0), undefined);
});

test("M1: what the end of a stream has shown counts for a day, only ever lower, until the server says better", () => {
  const limit = limitWith();
  limit.exceededBy(60_000, 0);
  limit.exceededBy(80_000, 1);
  assert.equal(limit.current(1), 59_999);
  limit.announced(undefined);
  assert.equal(limit.current(1), 59_999, "a server that announces nothing takes nothing back");
  assert.equal(limit.current(DAY_MS + 1), undefined);
  limit.announced(262_144);
  assert.equal(limit.current(1), 262_144);
});
