/** A browser that may throw away what is kept in it, as one does that has no bookmark of the page. */
import assert from "node:assert/strict";
import { ALICE } from "../stack.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "kept-storage", endpoint: "starttls" });
const NOTICE = /This browser may delete your messages/;

story.test("who signs in there is told once, and how to be safe from it", async () => {
  const alice = await story.signedIn(ALICE, { called: "alice", keepsStorage: false });
  await alice.reads(NOTICE);
  await alice.press("Got it");
  await until("the notice is gone", async () => !NOTICE.test(await alice.words()));
  await alice.reload();
  await alice.isConnected();
  assert.deepEqual(await alice.notices(), []);
  await story.leaves(alice);
});

story.test("who signs in where it is promised is told nothing", async () => {
  const alice = await story.signedIn(ALICE, { called: "alice in B" });
  assert.equal(await alice.page.evaluate(() => navigator.storage.persisted()), true);
  assert.doesNotMatch(await alice.words(), NOTICE);
});
