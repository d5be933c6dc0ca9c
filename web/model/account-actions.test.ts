import assert from "node:assert/strict";
import { test } from "node:test";
import { hearingOf } from "./account-actions.ts";

test("how the account hears of anything with everything closed, as its object has said", () => {
  assert.equal(hearingOf({}), undefined, "nothing is claimed before it has spoken");
  assert.equal(hearingOf({ stayOnline: false }), "never");
  assert.equal(hearingOf({ stayOnline: true }), "always");
  assert.equal(hearingOf({ stayOnline: true, looksIn: true }), "sometimes");
});
