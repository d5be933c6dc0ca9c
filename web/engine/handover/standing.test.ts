import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { Standing } from "./standing.ts";
import { ALICE, OwnBrowser } from "./testing/own-browser.ts";

const PHONE = 2 as DeviceId;

let chrome: OwnBrowser;
let standing: Standing;

beforeEach(async () => {
  chrome = new OwnBrowser(1, "Chrome on Mac", 1_000);
  await chrome.open();
  standing = new Standing(chrome.store, ALICE, () => undefined);
  await standing.allow(PHONE);
});

afterEach(() => chrome.close());

test("giving that was allowed begins, and one that was stopped just before does not", async () => {
  await standing.begin("giving", PHONE, { of: 5 });
  assert.deepEqual([standing.of("giving", PHONE)?.state, standing.mayHaveAll(PHONE)], ["going", true]);
  await Promise.all([
    standing.say("giving", PHONE, { state: "cancelled" }),
    standing.begin("giving", PHONE, { of: 5 }),
  ]);
  assert.deepEqual([standing.of("giving", PHONE)?.state, standing.mayHaveAll(PHONE)], ["cancelled", false]);
});
