import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { Bytes } from "../bytes.ts";
import { leftOutOf } from "./left-out.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { Candidate } from "./trust.ts";

const BOB = "bob@b.example" as BareJid;
const DEVICE = 7 as DeviceId;
const KEY = new Uint8Array(32).fill(9) as Bytes;

const one = (state: Partial<Candidate>) => leftOutOf([{ jid: BOB, device: DEVICE, ...state }], [], () => undefined)[0];

for (const [state, why] of [
  [{ trust: "undecided" }, "undecided"],
  [{ trust: "distrusted" }, "distrusted"],
  [{ trust: "verified", changed: true }, "key-changed"],
  [{ trust: "distrusted", changed: true }, "key-changed"],
] as const) {
  test(`${JSON.stringify(state)} is left out as ${why}`, () => assert.equal(one(state)?.why, why));
}

test("a device without a session is named by the key it was met with, if it ever was", () => {
  const address = { jid: BOB, device: DEVICE };
  assert.deepEqual(
    leftOutOf([], [address], () => ({ identityKey: KEY })),
    [{ ...address, why: "no-session", fingerprint: fingerprintOf(KEY) }],
  );
  assert.deepEqual(
    leftOutOf([], [address], () => undefined),
    [{ ...address, why: "no-session" }],
  );
});
