import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivedOf, covered, returnOf, type SavedStream, timeToProveMs } from "./resume.ts";

const SAVED: SavedStream = {
  id: "s1",
  full: "me@a.org/alcove",
  endpoint: "tls://a.org:5223",
  location: undefined,
  resumableMs: 600_000,
  inbound: 7,
  acknowledged: 3,
  unacked: [{ id: "four" }, { stanza: "<presence/>" }, { id: "six", stanza: "<message id='six'/>" }],
};

test("what the server has is settled, the rest is to be written again", () => {
  const { acknowledged, settled, rest } = returnOf(SAVED, 5) ?? assert.fail("refused");
  assert.equal(acknowledged, 5);
  assert.deepEqual(settled, SAVED.unacked.slice(0, 2));
  assert.deepEqual(rest, SAVED.unacked.slice(2));
});

test("a count above what was sent or below what was said is a lie", () => {
  for (const h of [7, 2, 2 ** 32 - 1]) assert.equal(returnOf(SAVED, h), undefined, String(h));
});

test("a server that has let go of it may still say what it received; a lie settles nothing", () => {
  assert.deepEqual(arrivedOf(SAVED, 4), [{ id: "four" }]);
  assert.deepEqual(arrivedOf(SAVED, undefined), []);
  assert.deepEqual(arrivedOf(SAVED, 99), []);
});

test("counts go on across the end of the numbers", () => {
  assert.equal(covered(1, 2 ** 32 - 2, 3), 3);
  assert.equal(covered(0, 2 ** 32, 3), 0);
  assert.equal(covered(2, 2 ** 32, 1), undefined);
});

test("a resumed stream that may hear nothing is given up soon, one that has heard all is only slow", () => {
  assert.equal(timeToProveMs([], 15_000), 15_000);
  assert.equal(timeToProveMs([{ bytes: 200 }], 15_000), 5_100);
  assert.ok(timeToProveMs([{ bytes: 60_000 }, { bytes: 200_000 }], 15_000) > 15_000, "all of it is read again first");
});
