import assert from "node:assert/strict";
import { test } from "node:test";
import type { BrowserId } from "../../worker/contract/names.ts";
import { isOfOlderWorker, refusesSignIn } from "./older-worker.ts";

const session = { browser: "a" as BrowserId, secret: "s" };

test("D15: a Worker of before says nothing of proofs; one of today says that there is none", () => {
  assert.equal(isOfOlderWorker(session), true);
  assert.equal(isOfOlderWorker({ ...session, proof: undefined }), false);
});

test("D15: a sign-in in one step is not answered by a question; one of today is", () => {
  const today = { address: "alice@localhost", account: "alice@localhost", name: "Page", kind: "computer" };
  assert.equal(refusesSignIn(today), undefined);
  assert.equal(refusesSignIn({ ...today, password: "x" }), undefined);
  assert.equal(refusesSignIn({ ...today, password: "x", plain: false })?.error.kind, "malformed");
});
