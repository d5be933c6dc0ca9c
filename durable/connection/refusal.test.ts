import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure } from "../../worker/contract/failures.ts";
import type { Keys } from "../link/link.ts";
import { refusalOf } from "./refusal.ts";

const SCRAM: Keys = {
  kind: "scram",
  mechanism: "SCRAM-SHA-1",
  salt: "AAAA",
  iterations: 4_096,
  clientKey: "AAAA",
  serverKey: "AAAA",
};
const TOKEN: Keys = { kind: "fast", mechanism: "HT-SHA-256-NONE", token: "t", expiry: undefined, count: 1 };
const UNFIT: Failure = { kind: "keys-unfit", detail: "another salt" };
const WRONG: Failure = { kind: "wrong-password" };

for (const [what, keys, failure, expected] of [
  [
    "A1, N1: another salt erases nothing and asks for a token",
    SCRAM,
    UNFIT,
    { failure: UNFIT, erase: false, wantsToken: true },
  ],
  ["keys that were tried and refused are erased", SCRAM, WRONG, { failure: WRONG, erase: true, wantsToken: false }],
  [
    "a token that is refused is over, and the password is not called wrong",
    TOKEN,
    WRONG,
    { failure: { kind: "keys-unfit", detail: "token" }, erase: true, wantsToken: false },
  ],
  [
    "a server that takes no tokens any more",
    TOKEN,
    { kind: "keys-unfit", detail: "no tokens" },
    { failure: { kind: "keys-unfit", detail: "no tokens" }, erase: false, wantsToken: false },
  ],
  [
    "a server that is away says nothing about keys",
    SCRAM,
    { kind: "refused" },
    { failure: { kind: "refused" }, erase: false, wantsToken: false },
  ],
] as const) {
  test(what, () => assert.deepEqual(refusalOf(keys, failure), expected));
}
