import assert from "node:assert/strict";
import { test } from "node:test";
import { BEHIND_PROXY, causeOf, CHANGED_OFFER, furtherStep, roundsDetail } from "./failure-causes.ts";

test("D14: what a detail says is told from what it does not", () => {
  const causes = [
    causeOf({ kind: "refused", detail: BEHIND_PROXY }),
    causeOf({ kind: "refused", detail: "a.org" }),
    causeOf({ kind: "server-not-proven", detail: CHANGED_OFFER }),
    causeOf({ kind: "server-not-proven", detail: roundsDetail("1000001") }),
    causeOf({ kind: "server-not-proven", detail: roundsDetail("4095") }),
    causeOf({ kind: "server-not-proven", detail: "nonce" }),
    causeOf({ kind: "no-mechanism", detail: furtherStep(["TOTP"]) }),
    causeOf({ kind: "no-mechanism", detail: furtherStep([]) }),
    causeOf({ kind: "no-mechanism", detail: "" }),
    causeOf({ kind: "no-mechanism", detail: "EXTERNAL SCRAM-SHA-1-PLUS" }),
    causeOf({ kind: "no-mechanism", detail: "EXTERNAL" }),
    causeOf({ kind: "no-mechanism" }),
  ];
  assert.deepEqual(causes, [
    ...["behind-proxy", undefined, "changed-offer", "too-many-rounds", "too-few-rounds", undefined],
    ...["further-step", "further-step", "nothing-offered", "bound-only", undefined, undefined],
  ]);
});
