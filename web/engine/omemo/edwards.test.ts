import assert from "node:assert/strict";
import { it } from "node:test";
import { type Bytes, concat, fromHex } from "../bytes.ts";
import { scalarReduced } from "./edwards.ts";

/** The order of the base point, little endian. */
const ORDER = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

it("T31: a scalar that is not reduced is known by ourselves, whatever the platform makes of it", () => {
  const signature = (s: Bytes) => concat(new Uint8Array(32), s);
  const below = ORDER.map((byte, at) => (at === 0 ? byte - 1 : byte));
  assert.equal(scalarReduced(signature(below)), true);
  assert.equal(scalarReduced(signature(new Uint8Array(32))), true);
  for (const s of [ORDER, ORDER.map((byte, at) => (at === 0 ? byte + 1 : byte)), new Uint8Array(32).fill(0xff)])
    assert.equal(scalarReduced(signature(s)), false);
});
